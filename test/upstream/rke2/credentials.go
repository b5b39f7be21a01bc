package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const (
	kubeconfigFile = "/etc/rancher/rke2/rke2.yaml"
	localAPI       = "https://127.0.0.1:6443"
	agentDir       = dataDir + "/agent"
)

func credential(name string) string { return filepath.Join(dataDir, "server/cred", name+".kubeconfig") }

// issueServer makes the certificates of a server that are missing, about to end, or for other names.
func issueServer(s settings) error {
	service, err := firstService(s.ServiceCIDR)
	if err != nil {
		return err
	}
	names := append([]string{s.NodeName, "localhost", "127.0.0.1", s.NodeIP, s.AdvertiseAddress}, s.TLSSAN...)
	api := append([]string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", service}, names...)
	admins := []string{"system:masters"}
	leaves := []leaf{
		{file: "serving-kube-apiserver", authority: "server-ca", name: "kube-apiserver", server: true, sans: api},
		{file: "client-kube-apiserver", authority: "client-ca", name: "system:apiserver", groups: admins, client: true},
		{file: "client-admin", authority: "client-ca", name: "system:admin", groups: admins, client: true},
		{file: "client-supervisor", authority: "client-ca", name: "system:rke2-supervisor", groups: admins, client: true},
		{file: "client-controller", authority: "client-ca", name: "system:kube-controller-manager", client: true},
		{file: "client-scheduler", authority: "client-ca", name: "system:kube-scheduler", client: true},
		{file: "client-auth-proxy", authority: "request-header-ca", name: "system:auth-proxy", client: true},
		{file: "etcd/client", authority: "etcd/server-ca", name: "etcd-client", client: true},
		{file: "etcd/server-client", authority: "etcd/server-ca", name: "etcd-server", server: true, client: true, sans: names},
		{file: "etcd/peer-server-client", authority: "etcd/peer-ca", name: "etcd-peer", server: true, client: true, sans: names},
	}
	for _, l := range leaves {
		if err := l.issue(); err != nil {
			return fmt.Errorf("certificate %s: %w", l.file, err)
		}
	}
	for _, name := range []string{"admin", "supervisor", "controller", "scheduler"} {
		pair := filepath.Join(tlsDir, "client-"+name)
		if err := writeKubeconfig(credential(name), filepath.Join(tlsDir, "server-ca.crt"), pair); err != nil {
			return err
		}
	}
	return nil
}

// publishKubeconfig writes the file that people take.
func publishKubeconfig(s settings) error {
	content, err := os.ReadFile(credential("admin"))
	if err != nil {
		return err
	}
	mode, err := s.kubeconfigMode()
	if err != nil {
		return fmt.Errorf("write-kubeconfig-mode: %w", err)
	}
	if err := writeSecret(kubeconfigFile, content); err != nil {
		return err
	}
	return os.Chmod(kubeconfigFile, mode)
}

// nodeCredentials are what a kubelet needs; as JSON they are what a server gives to a node.
type nodeCredentials struct {
	ServerCA, ClientCA      []byte
	ClientCert, ClientKey   []byte
	ServingCert, ServingKey []byte
	ClusterDNS, ServiceCIDR string
	APIServers              []string
}

// writeKubeconfig writes a kubeconfig that stands alone, for the API on this machine.
func writeKubeconfig(path, authority, pair string) error {
	var content [3][]byte
	for i, file := range []string{authority, pair + ".crt", pair + ".key"} {
		var err error
		if content[i], err = os.ReadFile(file); err != nil {
			return err
		}
	}
	config := api.NewConfig()
	config.Clusters["default"] = &api.Cluster{Server: localAPI, CertificateAuthorityData: content[0]}
	config.AuthInfos["default"] = &api.AuthInfo{ClientCertificateData: content[1], ClientKeyData: content[2]}
	config.Contexts["default"] = &api.Context{Cluster: "default", AuthInfo: "default"}
	config.CurrentContext = "default"
	text, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	return writeSecret(path, text)
}

// firstService is the address of the API's own Service.
func firstService(cidr string) (string, error) { return addressIn(cidr, 1) }

// addressIn is the nth address of an IPv4 range, for small n.
func addressIn(cidr string, n byte) (string, error) {
	ip, _, err := net.ParseCIDR(cidr)
	if err != nil || ip.To4() == nil {
		return "", fmt.Errorf("%q is not an IPv4 range: %v", cidr, err)
	}
	address := append(net.IP{}, ip.To4()...)
	address[3] += n
	return address.String(), nil
}
