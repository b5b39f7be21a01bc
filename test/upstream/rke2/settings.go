package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// settings are the keys of config.yaml that the stand-in knows: https://docs.rke2.io/reference/server_config
// A key that it does not know is an error, as it is for RKE2.
type settings struct {
	Token            string   `json:"token"`
	AgentToken       string   `json:"agent-token"`
	Server           string   `json:"server"`
	NodeName         string   `json:"node-name"`
	NodeIP           string   `json:"node-ip"`
	NodeLabel        []string `json:"node-label"`
	NodeTaint        []string `json:"node-taint"`
	AdvertiseAddress string   `json:"advertise-address"`
	TLSSAN           []string `json:"tls-san"`
	CNI              []string `json:"cni"`
	DisableKubeProxy bool     `json:"disable-kube-proxy"`
	ClusterCIDR      string   `json:"cluster-cidr"`
	ServiceCIDR      string   `json:"service-cidr"`
	Disable          []string `json:"disable"`
	EtcdMetrics      bool     `json:"etcd-expose-metrics"`
	KubeconfigMode   string   `json:"write-kubeconfig-mode"`
	Profile          string   `json:"profile"`
	KubeAPIArg       []string `json:"kube-apiserver-arg"`
	KubeletArg       []string `json:"kubelet-arg"`
}

// readSettings reads config.yaml and then config.yaml.d/*.yaml: a later file replaces what an earlier one says, and a
// key with a + behind it adds to a list.
func readSettings(dir string) (settings, error) {
	files, err := filepath.Glob(filepath.Join(dir, "config.yaml.d", "*.yaml"))
	if err != nil {
		return settings{}, err
	}
	sort.Strings(files)
	merged := map[string]any{}
	for _, file := range append([]string{filepath.Join(dir, "config.yaml")}, files...) {
		text, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return settings{}, err
		}
		if err := mergeFile(merged, text); err != nil {
			return settings{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	return decoded(merged)
}

func mergeFile(merged map[string]any, text []byte) error {
	var values map[string]any
	if err := yaml.Unmarshal(text, &values); err != nil {
		return err
	}
	for key, value := range values {
		name, adds := strings.CutSuffix(key, "+")
		if adds {
			value = append(listOf(merged[name]), listOf(value)...)
		}
		merged[name] = value
	}
	return nil
}

// listOf takes a single value for a list of one, as RKE2 does.
func listOf(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func decoded(merged map[string]any) (settings, error) {
	for i := range reflect.TypeFor[settings]().NumField() {
		field := reflect.TypeFor[settings]().Field(i)
		key := field.Tag.Get("json")
		if value, ok := merged[key]; ok && field.Type.Kind() == reflect.Slice {
			merged[key] = listOf(value)
		}
	}
	text, err := yaml.Marshal(merged)
	if err != nil {
		return settings{}, err
	}
	s := settings{ClusterCIDR: "10.42.0.0/16", ServiceCIDR: "10.43.0.0/16", KubeconfigMode: "0600"}
	if err := yaml.UnmarshalStrict(text, &s); err != nil {
		return settings{}, err
	}
	return s, s.complete()
}

func (s *settings) complete() (err error) {
	if s.NodeName == "" {
		if s.NodeName, err = os.Hostname(); err != nil {
			return err
		}
	}
	s.NodeName = strings.ToLower(s.NodeName)
	if s.NodeIP == "" {
		return fmt.Errorf("the stand-in wants node-ip in config.yaml: it does not guess")
	}
	if s.AdvertiseAddress == "" {
		s.AdvertiseAddress = s.NodeIP
	}
	return nil
}

func (s settings) kubeconfigMode() (os.FileMode, error) {
	mode, err := strconv.ParseUint(s.KubeconfigMode, 8, 32)
	return os.FileMode(mode), err
}
