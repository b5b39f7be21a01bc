package main

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/rancher/wrangler/v3/pkg/apply"
	"github.com/rancher/wrangler/v3/pkg/objectset"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"
)

const kindsAnnotation = "addon.k3s.cattle.io/gvks"

// addons are the objects Addon, one for each manifest, and what is applied in their name.
type addons struct {
	config    *rest.Config
	client    dynamic.ResourceInterface
	discovery discovery.DiscoveryInterface
	recorder  record.EventRecorder
}

type addon struct{ *unstructured.Unstructured }

func (a addon) checksum() string {
	checksum, _, _ := unstructured.NestedString(a.Object, "spec", "checksum")
	return checksum
}

func newAddons(ctx context.Context, s settings) (*addons, error) {
	config, err := restConfig(s)
	if err != nil {
		return nil, err
	}
	config.UserAgent = "deploy@" + s.NodeName
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	core, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	if err := installAddonKind(ctx, objects); err != nil {
		return nil, err
	}
	events := record.NewBroadcaster()
	events.StartRecordingToSink(&typedcore.EventSinkImpl{Interface: core.CoreV1().Events(metav1.NamespaceSystem)})
	kind := schema.GroupVersionResource{Group: "k3s.cattle.io", Version: "v1", Resource: "addons"}
	return &addons{
		config:    config,
		client:    objects.Resource(kind).Namespace(metav1.NamespaceSystem),
		discovery: core.Discovery(),
		recorder:  events.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "deploy", Host: s.NodeName}),
	}, nil
}

func (d *addons) getOrCreate(ctx context.Context, name, path string) (addon, error) {
	known, err := d.client.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		known, err = d.client.Create(ctx, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "k3s.cattle.io/v1", "kind": "Addon",
			"metadata": map[string]any{"name": name, "namespace": metav1.NamespaceSystem},
			"spec":     map[string]any{"source": path},
		}}, metav1.CreateOptions{})
	}
	return addon{known}, err
}

// apply is wrangler's three-way apply: what an earlier version of the file had and this one has not is deleted.
func (d *addons) apply(ctx context.Context, a addon, path, checksum string, objects *objectset.ObjectSet) error {
	kinds, err := d.served(append(objects.GVKs(), a.kinds()...))
	if err != nil {
		d.warn(a, "ValidateManifestFailed", "Validate GVKs for manifest at %q failed: %v", path, err)
		return err
	}
	d.recorder.Eventf(a, corev1.EventTypeNormal, "ApplyingManifest", "Applying manifest at %q", path)
	if err := d.applySet(a, kinds, objects); err != nil {
		d.warn(a, "ApplyManifestFailed", "Applying manifest at %q failed: %v", path, err)
		return err
	}
	d.recorder.Eventf(a, corev1.EventTypeNormal, "AppliedManifest", "Applied manifest at %q", path)
	names := []string{}
	for _, kind := range objects.GVKs() {
		names = append(names, kind.String())
	}
	a.SetAnnotations(map[string]string{kindsAnnotation: strings.Join(names, ";")})
	a.Object["spec"] = map[string]any{"source": path, "checksum": checksum}
	_, err = d.client.Update(ctx, a.Unstructured, metav1.UpdateOptions{})
	return err
}

func (d *addons) applySet(a addon, kinds []schema.GroupVersionKind, objects *objectset.ObjectSet) error {
	// A new one each time: it does not learn of kinds that came later.
	engine, err := apply.NewForConfig(d.config)
	if err != nil {
		return err
	}
	return engine.WithDynamicLookup().WithOwner(a.Unstructured).WithGVK(kinds...).Apply(objects)
}

// remove takes away everything of a disabled manifest: its objects, the file, the Addon.
func (d *addons) remove(ctx context.Context, name, path string) error {
	a, err := d.getOrCreate(ctx, name, path)
	if err != nil {
		return err
	}
	kinds := a.kinds()
	if content, err := os.ReadFile(path); err == nil {
		if objects, err := parseManifest(content); err == nil {
			kinds = append(kinds, objects.GVKs()...)
		}
	}
	if kinds, err = d.served(kinds); err != nil {
		return err
	}
	if err := d.applySet(a, kinds, objectset.NewObjectSet()); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	d.recorder.Eventf(a, corev1.EventTypeNormal, "DeletingManifest", "Deleting manifest at %q", path)
	err = d.client.Delete(ctx, name, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (d *addons) warn(a addon, reason, format string, args ...any) {
	d.recorder.Eventf(a, corev1.EventTypeWarning, reason, format, args...)
}

// kinds of the objects of the last apply.
func (a addon) kinds() (kinds []schema.GroupVersionKind) {
	for _, text := range strings.Split(a.GetAnnotations()[kindsAnnotation], ";") {
		group, kind, ok := strings.Cut(text, ", Kind=")
		version, err := schema.ParseGroupVersion(group)
		if ok && err == nil {
			kinds = append(kinds, version.WithKind(kind))
		}
	}
	return kinds
}

// served leaves out kinds that the API does not know (any more).
func (d *addons) served(kinds []schema.GroupVersionKind) (known []schema.GroupVersionKind, err error) {
	for _, kind := range kinds {
		resources, err := d.discovery.ServerResourcesForGroupVersion(kind.GroupVersion().String())
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(resources.APIResources, func(r metav1.APIResource) bool { return r.Kind == kind.Kind }) {
			known = append(known, kind)
		}
	}
	return known, nil
}
