package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// startKubelet starts the kubelet with the credentials in agentDir and waits until it is healthy.
func startKubelet(ctx context.Context, p *programs, s settings, c nodeCredentials) error {
	if err := c.write(); err != nil {
		return err
	}
	config, err := yaml.Marshal(kubeletConfig(c))
	if err != nil {
		return err
	}
	file := filepath.Join(agentDir, "etc/kubelet.yaml")
	if err := writeSecret(file, config); err != nil {
		return err
	}
	args := []string{
		"--config", file, "--kubeconfig", filepath.Join(agentDir, "kubelet.kubeconfig"),
		"--hostname-override", s.NodeName, "--node-ip", s.NodeIP,
	}
	if len(s.NodeLabel) > 0 {
		args = append(args, "--node-labels", strings.Join(s.NodeLabel, ","))
	}
	if len(s.NodeTaint) > 0 {
		args = append(args, "--register-with-taints", strings.Join(s.NodeTaint, ","))
	}
	if err := p.start("kubelet", append(args, flags(s.KubeletArg)...)...); err != nil {
		return err
	}
	return untilTrue(ctx, "the kubelet is healthy", func(ctx context.Context) (bool, error) {
		answer, err := (&http.Client{Timeout: time.Second}).Get("http://127.0.0.1:10248/healthz")
		if err != nil {
			return false, nil
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK, nil
	})
}

func (c nodeCredentials) write() error {
	files := map[string][]byte{
		"server-ca.crt": c.ServerCA, "client-ca.crt": c.ClientCA,
		"client-kubelet.crt": c.ClientCert, "client-kubelet.key": c.ClientKey,
		"serving-kubelet.crt": c.ServingCert, "serving-kubelet.key": c.ServingKey,
	}
	for name, content := range files {
		if err := writeSecret(filepath.Join(agentDir, name), content); err != nil {
			return err
		}
	}
	for _, folder := range []string{"pod-manifests", "images"} {
		if err := os.MkdirAll(filepath.Join(agentDir, folder), 0o700); err != nil {
			return err
		}
	}
	pair := filepath.Join(agentDir, "client-kubelet")
	return writeKubeconfig(filepath.Join(agentDir, "kubelet.kubeconfig"), filepath.Join(agentDir, "server-ca.crt"), pair)
}

// kubeletConfig differs from RKE2's where a machine that shares its kernel forbids it.
func kubeletConfig(c nodeCredentials) map[string]any {
	file := func(name string) string { return filepath.Join(agentDir, name) }
	return map[string]any{
		"apiVersion":               "kubelet.config.k8s.io/v1beta1",
		"kind":                     "KubeletConfiguration",
		"containerRuntimeEndpoint": "unix://" + containerdSocket,
		"staticPodPath":            file("pod-manifests"),
		"clusterDNS":               []string{c.ClusterDNS},
		"clusterDomain":            "cluster.local",
		"resolvConf":               resolvConf(),
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": file("client-ca.crt")},
		},
		"authorization":       map[string]any{"mode": "Webhook"},
		"tlsCertFile":         file("serving-kubelet.crt"),
		"tlsPrivateKeyFile":   file("serving-kubelet.key"),
		"serializeImagePulls": false,
		// Of here on: the computer's control groups, memory and disk are not the machine's alone.
		"failCgroupV1":                false,
		"cgroupDriver":                "cgroupfs",
		"enforceNodeAllocatable":      []string{"none"},
		"failSwapOn":                  false,
		"makeIPTablesUtilChains":      false,
		"oomScoreAdj":                 0,
		"evictionHard":                map[string]string{"memory.available": "10Mi"},
		"imageGCHighThresholdPercent": 100,
	}
}

// resolvConf is what pods with dnsPolicy Default get; where the machine has no name server, an empty file.
func resolvConf() string {
	text, err := os.ReadFile("/etc/resolv.conf")
	if err == nil && strings.Contains(string(text), "nameserver") {
		return "/etc/resolv.conf"
	}
	file := filepath.Join(agentDir, "etc/resolv.conf")
	if err := writeSecret(file, nil); err != nil {
		fail("Failed to write %s: %v", file, err)
	}
	return file
}

// nodePassword tells this machine from another one with the same name; made at the first start.
func nodePassword() (string, error) {
	const file = "/etc/rancher/node/password"
	if text, err := os.ReadFile(file); err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	password, err := randomHex(16)
	if err != nil {
		return "", err
	}
	if err := writeSecret(file, []byte(password+"\n")); err != nil {
		return "", fmt.Errorf("node password: %w", err)
	}
	return password, nil
}
