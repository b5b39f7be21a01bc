package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// bundledDir holds what RKE2 has in its runtime image: charts as archives, manifests as they are.
const bundledDir = "/usr/local/lib/rke2/charts"

// writeBundled writes the bundled manifests at every start; files of others stay untouched.
func writeBundled(s settings) error {
	charts, err := filepath.Glob(filepath.Join(bundledDir, "*.tgz"))
	if err != nil {
		return err
	}
	for _, chart := range charts {
		name := chartName(chart)
		if strings.HasSuffix(name, "cilium") && !slices.Contains(s.CNI, "cilium") {
			continue
		}
		content, err := helmChart(chart, name, s)
		if err != nil {
			return err
		}
		if err := writeManifest(name+".yaml", content); err != nil {
			return err
		}
	}
	manifests, err := filepath.Glob(filepath.Join(bundledDir, "*.yaml"))
	if err != nil {
		return err
	}
	for _, manifest := range manifests {
		content, err := os.ReadFile(manifest)
		if err != nil {
			return err
		}
		dns, err := addressIn(s.ServiceCIDR, 10)
		if err != nil {
			return err
		}
		filled := strings.ReplaceAll(string(content), "%{CLUSTER_DNS}%", dns)
		if err := writeManifest(filepath.Base(manifest), []byte(filled)); err != nil {
			return err
		}
	}
	return nil
}

// helmChart is the HelmChart of a bundled chart, as RKE2 writes it.
func helmChart(chart, name string, s settings) ([]byte, error) {
	content, err := os.ReadFile(chart)
	if err != nil {
		return nil, err
	}
	return yaml.Marshal(map[string]any{
		"apiVersion": "helm.cattle.io/v1", "kind": "HelmChart",
		"metadata": map[string]any{
			"name": name, "namespace": "kube-system",
			"annotations": map[string]string{"rke2.cattle.io/inject-cluster-config": "true"},
		},
		"spec": map[string]any{
			"bootstrap": true, "failurePolicy": "retry", "forceConflicts": true,
			"chartContent": base64.StdEncoding.EncodeToString(content),
			"set": map[string]string{
				"global.clusterCIDR": s.ClusterCIDR, "global.clusterCIDRv4": s.ClusterCIDR,
				"global.serviceCIDR":   s.ServiceCIDR,
				"global.clusterDomain": "cluster.local", "global.rke2DataDir": dataDir,
			},
		},
	})
}

func writeManifest(name string, content []byte) error {
	path := filepath.Join(manifestsDir, name)
	if err := os.MkdirAll(manifestsDir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return fmt.Errorf("bundled manifest: %w", err)
	}
	return nil
}

// chartName takes the version off: rke2-cilium-1.20.200.tgz.
func chartName(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".tgz")
	return name[:strings.LastIndex(name, "-")]
}
