package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// memberFinalizer keeps a deleted server's node until its member is out of etcd.
const (
	memberFinalizer = "wrangler.cattle.io/managed-etcd-controller"
	etcdRole        = "node-role.kubernetes.io/etcd"
	controlRole     = "node-role.kubernetes.io/control-plane"
)

func restConfig(s settings) (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", credential("supervisor"))
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 50, 100
	config.UserAgent = "rke2@" + s.NodeName
	return config, nil
}

func kubeClient(s settings) (kubernetes.Interface, error) {
	config, err := restConfig(s)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(config)
}

// markServer waits for the server's own node, and gives it its roles and the finalizer.
func markServer(ctx context.Context, s settings) error {
	client, err := kubeClient(s)
	if err != nil {
		return err
	}
	return untilTrue(ctx, "node "+s.NodeName+" is registered", func(ctx context.Context) (bool, error) {
		node, err := client.CoreV1().Nodes().Get(ctx, s.NodeName, metav1.GetOptions{})
		if err != nil {
			return false, nil
		}
		finalizers := node.Finalizers
		if !slices.Contains(finalizers, memberFinalizer) {
			finalizers = append(finalizers, memberFinalizer)
		}
		patch, err := json.Marshal(map[string]any{"metadata": map[string]any{
			"resourceVersion": node.ResourceVersion,
			"labels":          map[string]string{etcdRole: "true", controlRole: "true"},
			"annotations":     map[string]string{"etcd.rke2.cattle.io/node-address": s.NodeIP},
			"finalizers":      finalizers,
		}})
		if err != nil {
			return false, err
		}
		_, err = client.CoreV1().Nodes().Patch(ctx, s.NodeName, types.MergePatchType, patch, metav1.PatchOptions{})
		return err == nil, nil
	})
}

// watchNodes does what a cluster does when a node is deleted: its etcd member goes first, its password last.
// Every server does it; doing it twice is harmless.
func watchNodes(ctx context.Context, s settings) {
	client, err := kubeClient(s)
	if err != nil {
		fail("Failed to watch nodes: %v", err)
		return
	}
	factory := informers.NewSharedInformerFactory(client, time.Minute)
	leaving := func(object any) {
		if node, ok := object.(*corev1.Node); ok && node.DeletionTimestamp != nil && slices.Contains(node.Finalizers, memberFinalizer) {
			if err := letGo(ctx, client, node); err != nil {
				fail("Failed to remove node %s from etcd: %v", node.Name, err)
			}
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    leaving,
		UpdateFunc: func(_, object any) { leaving(object) },
		DeleteFunc: func(object any) {
			if name, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object); err == nil {
				if err := forgetNodePassword(ctx, client, name); err != nil {
					fail("Failed to delete the password of node %s: %v", name, err)
				}
			}
		},
	}
	if _, err := factory.Core().V1().Nodes().Informer().AddEventHandler(handler); err != nil {
		fail("Failed to watch nodes: %v", err)
		return
	}
	factory.Start(ctx.Done())
	<-ctx.Done()
}

func letGo(ctx context.Context, client kubernetes.Interface, node *corev1.Node) error {
	if err := removeMember(ctx, node.Name, node.Annotations["etcd.rke2.cattle.io/node-address"]); err != nil {
		return err
	}
	rest := slices.DeleteFunc(slices.Clone(node.Finalizers), func(name string) bool { return name == memberFinalizer })
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"finalizers": rest}})
	if err != nil {
		return err
	}
	_, err = client.CoreV1().Nodes().Patch(ctx, node.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	return err
}

// credentialsOf makes a kubelet's credentials, on a server.
func credentialsOf(ctx context.Context, s settings, node, address string) (c nodeCredentials, err error) {
	pairs := map[*[2][]byte]leaf{}
	var client, serving [2][]byte
	pairs[&client] = leaf{authority: "client-ca", name: "system:node:" + node, groups: []string{"system:nodes"}, client: true}
	pairs[&serving] = leaf{authority: "server-ca", name: node, server: true, sans: []string{node, "localhost", "127.0.0.1", address}}
	for place, l := range pairs {
		if place[0], place[1], err = l.encoded(); err != nil {
			return c, err
		}
	}
	c = nodeCredentials{ClientCert: client[0], ClientKey: client[1], ServingCert: serving[0], ServingKey: serving[1]}
	if c.ServerCA, err = os.ReadFile(filepath.Join(tlsDir, "server-ca.crt")); err != nil {
		return c, err
	}
	if c.ClientCA, err = os.ReadFile(filepath.Join(tlsDir, "client-ca.crt")); err != nil {
		return c, err
	}
	if c.ClusterDNS, err = addressIn(s.ServiceCIDR, 10); err != nil {
		return c, err
	}
	c.APIServers, err = apiServers(ctx, s)
	return c, err
}

// apiServers are the addresses of all API servers, from the endpoints of the Service kubernetes.
func apiServers(ctx context.Context, s settings) (addresses []string, err error) {
	client, err := kubeClient(s)
	if err != nil {
		return nil, err
	}
	slicesOf, err := client.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault).List(ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=kubernetes"})
	if err != nil {
		return nil, err
	}
	for _, slice := range slicesOf.Items {
		for _, endpoint := range slice.Endpoints {
			addresses = append(addresses, endpoint.Addresses...)
		}
	}
	return addresses, nil
}
