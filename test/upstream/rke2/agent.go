package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

const knownServersFile = agentDir + "/etc/rke2-agent-load-balancer.json"

// runAgent is a node without a control plane. The API is at 127.0.0.1:6443 for it, as on a server.
func runAgent(ctx context.Context, s settings) error {
	if s.Server == "" || s.Token == "" {
		return errors.New("--server and --token are required")
	}
	if err := checkProfile(s); err != nil {
		return err
	}
	info("Starting rke2 agent %s", version)
	credentials, err := joinAsAgent(ctx, s)
	if err != nil {
		return err
	}
	ctx, p := newPrograms(ctx)
	defer p.stopAll()
	balancer := newBalancer(credentials.APIServers)
	go func() { p.fail(balancer.serve(ctx)) }()
	if err := startContainerd(ctx, p); err != nil {
		return err
	}
	if err := importImages(ctx); err != nil {
		return err
	}
	if err := startKubelet(ctx, p, s, credentials); err != nil {
		return err
	}
	go followServers(ctx, s, balancer)
	info("rke2 agent is up and running")
	notifyReady()
	<-ctx.Done()
	return context.Cause(ctx)
}

// joinAsAgent asks the servers that it knows, the one of config.yaml first, until one gives it credentials.
func joinAsAgent(ctx context.Context, s settings) (c nodeCredentials, err error) {
	password, err := nodePassword()
	if err != nil {
		return c, err
	}
	err = untilTrue(ctx, "a server takes this agent", func(context.Context) (bool, error) {
		for _, server := range serversOf(s) {
			short, cancel := context.WithTimeout(ctx, 3*time.Second)
			client, err := newSupervisorClient(short, server, s.Token)
			cancel()
			if err != nil {
				if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
					return false, err
				}
				continue
			}
			if c, err = client.node(ctx, s, password); err == nil {
				return true, rememberServers(c.APIServers)
			}
			if errors.Is(err, errRefused) {
				return false, err
			}
			info("Waiting to retrieve agent configuration; server is not ready: %v", err)
			time.Sleep(time.Second)
		}
		return false, nil
	})
	return c, err
}

// serversOf are the URLs of port 9345 that may answer.
func serversOf(s settings) []string {
	servers := []string{s.Server}
	for _, address := range knownServers() {
		if address != hostOf(s.Server) {
			servers = append(servers, "https://"+address+":9345")
		}
	}
	return servers
}

func hostOf(text string) string {
	parsed, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}

func knownServers() (addresses []string) {
	if text, err := os.ReadFile(knownServersFile); err == nil {
		_ = json.Unmarshal(text, &addresses)
	}
	return addresses
}

func rememberServers(addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	text, err := json.Marshal(addresses)
	if err != nil {
		return err
	}
	return writeSecret(filepath.Clean(knownServersFile), text)
}

// followServers keeps the load balancer's list at what the cluster says.
func followServers(ctx context.Context, s settings, balancer *balancer) {
	ticker := time.NewTicker(5 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, server := range serversOf(s) {
			short, cancel := context.WithTimeout(ctx, 3*time.Second)
			addresses, err := apiServersFrom(short, server, s)
			cancel()
			if err == nil && len(addresses) > 0 {
				balancer.use(addresses)
				if err := rememberServers(addresses); err != nil {
					warn("%v", err)
				}
				break
			}
		}
	}
}

func apiServersFrom(ctx context.Context, server string, s settings) ([]string, error) {
	client, err := newSupervisorClient(ctx, server, s.Token)
	if err != nil {
		return nil, err
	}
	return client.apiServers(ctx)
}
