package main

import (
	"fmt"
	"os"
	"strings"
)

const dataDir = "/var/lib/rancher/rke2"

// settings are the keys of /etc/rancher/rke2/config.yaml that matter here.
type settings struct {
	name, address, token, server string
	tlsSANs                      []string
	kubeconfigMode               os.FileMode
}

// readSettings reads flat keys and lists, which is all of YAML that RKE2's file needs.
func readSettings(path string) (settings, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return settings{}, err
	}
	values := map[string][]string{}
	key := ""
	for number, line := range strings.Split(string(text), "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case strings.HasPrefix(trimmed, "- "):
			values[key] = append(values[key], unquoted(trimmed[2:]))
		default:
			before, after, found := strings.Cut(trimmed, ":")
			if !found || strings.HasPrefix(line, " ") {
				return settings{}, fmt.Errorf("%s:%d: neither `key: value` nor `- item`: %s", path, number+1, line)
			}
			key = before
			if after = strings.TrimSpace(after); after != "" {
				values[key] = append(values[key], unquoted(after))
			}
		}
	}
	s := settings{
		name:           first(values["node-name"]),
		address:        first(values["node-ip"]),
		token:          first(values["token"]),
		server:         first(values["server"]),
		tlsSANs:        values["tls-san"],
		kubeconfigMode: 0o600,
	}
	if s.name == "" || s.address == "" || s.token == "" {
		return settings{}, fmt.Errorf("%s: node-name, node-ip and token must be set", path)
	}
	return s, nil
}

func unquoted(text string) string {
	return strings.Trim(strings.TrimSpace(text), `"'`)
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
