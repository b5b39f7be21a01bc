package main

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

var crds = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}

// installAddonKind makes the API know k3s.cattle.io/v1 Addon, and waits until it does.
func installAddonKind(ctx context.Context, client dynamic.Interface) error {
	text := func() map[string]any { return map[string]any{"type": "string"} }
	definition := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "addons.k3s.cattle.io"},
		"spec": map[string]any{
			"group": "k3s.cattle.io", "scope": "Namespaced", "preserveUnknownFields": false,
			"names": map[string]any{"kind": "Addon", "plural": "addons", "singular": "addon"},
			"versions": []any{map[string]any{
				"name": "v1", "served": true, "storage": true,
				"schema": map[string]any{"openAPIV3Schema": map[string]any{
					"type": "object",
					"properties": map[string]any{"spec": map[string]any{
						"type": "object", "properties": map[string]any{"source": text(), "checksum": text()},
					}},
				}},
				"additionalPrinterColumns": []any{
					map[string]any{"name": "Source", "type": "string", "jsonPath": ".spec.source"},
					map[string]any{"name": "Checksum", "type": "string", "jsonPath": ".spec.checksum"},
				},
			}},
		},
	}}
	if _, err := client.Resource(crds).Create(ctx, definition, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	kind := schema.GroupVersionResource{Group: "k3s.cattle.io", Version: "v1", Resource: "addons"}
	return untilTrue(ctx, "the API knows Addon", func(ctx context.Context) (bool, error) {
		_, err := client.Resource(kind).Namespace(metav1.NamespaceSystem).List(ctx, metav1.ListOptions{Limit: 1})
		return err == nil, nil
	})
}
