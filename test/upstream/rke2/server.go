package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// runServer is a whole server: it founds a cluster, joins the one of `server`, or goes on as a member.
func runServer(ctx context.Context, s settings) error {
	if err := checkProfile(s); err != nil {
		return err
	}
	info("Starting rke2 %s", version)
	token, join, err := openCluster(ctx, s)
	if err != nil {
		return err
	}
	if err := issueServer(s); err != nil {
		return err
	}
	entrance := supervisor{settings: s, password: passwordOf(token)}
	if err := entrance.writeTokens(); err != nil {
		return err
	}
	ctx, p := newPrograms(ctx)
	defer p.stopAll()
	imported := make(chan error, 1)
	if err := startContainerd(ctx, p); err != nil {
		return err
	}
	go func() { imported <- importImages(ctx) }()
	go func() {
		if err := entrance.serve(ctx); err != nil {
			p.fail(err)
		}
	}()
	if err := startControlPlane(ctx, p, s, join); err != nil {
		return err
	}
	if err := startOwnNode(ctx, p, s, imported); err != nil {
		return err
	}
	info("rke2 is up and running")
	notifyReady()
	<-ctx.Done()
	return context.Cause(ctx)
}

func startControlPlane(ctx context.Context, p *programs, s settings, join *supervisorClient) error {
	if err := startEtcd(ctx, p, s, join); err != nil {
		return err
	}
	go manageLearners(ctx)
	if err := startAPI(ctx, p, s); err != nil {
		return err
	}
	if err := publishKubeconfig(s); err != nil {
		return err
	}
	if err := linkKubectl(); err != nil {
		return err
	}
	if err := startControllers(p, s); err != nil {
		return err
	}
	go watchNodes(ctx, s)
	return startDeploying(ctx, s)
}

// startOwnNode makes the server a node of the cluster, with the labels that a kubelet may not give itself.
func startOwnNode(ctx context.Context, p *programs, s settings, imported <-chan error) error {
	password, err := nodePassword()
	if err != nil {
		return err
	}
	if err := ensureNodePassword(ctx, s, s.NodeName, password); err != nil {
		return err
	}
	credentials, err := credentialsOf(ctx, s, s.NodeName, s.NodeIP)
	if err != nil {
		return err
	}
	if err := <-imported; err != nil {
		return err
	}
	if err := startKubelet(ctx, p, s, credentials); err != nil {
		return err
	}
	return markServer(ctx, s)
}

// openCluster makes sure that the authorities are there: kept, fetched from the server to join, or made.
func openCluster(ctx context.Context, s settings) (token string, join *supervisorClient, err error) {
	_, err = os.Stat(filepath.Join(tlsDir, "server-ca.key"))
	exists := err == nil
	if token, err = tokenFor(s, exists); err != nil {
		return "", nil, err
	}
	if s.Server != "" && !isMember() {
		if join, err = newSupervisorClient(ctx, s.Server, token); err != nil {
			return "", nil, err
		}
	}
	switch {
	case join != nil:
		return token, join, fetchAuthorities(ctx, join)
	case exists:
		return token, nil, nil
	}
	info("Managed etcd cluster initializing")
	return token, nil, makeAuthorities()
}

// tokenFor is the token of config.yaml; without one the cluster's own, or a new one for a new cluster.
func tokenFor(s settings, exists bool) (string, error) {
	if s.Token != "" {
		return s.Token, nil
	}
	if s.Server != "" {
		return "", errors.New("token is required to join a cluster")
	}
	if exists {
		text, err := os.ReadFile(filepath.Join(dataDir, "server/token"))
		return string(text), err
	}
	return randomHex(16)
}

func fetchAuthorities(ctx context.Context, join *supervisorClient) error {
	return untilTrue(ctx, "the certificate authorities are here", func(ctx context.Context) (bool, error) {
		files, err := join.authorities(ctx)
		if errors.Is(err, errRefused) {
			return false, err
		}
		if err != nil {
			warn("Failed to get the certificate authorities: %v", err)
			return false, nil
		}
		for name, content := range files {
			if err := writeSecret(filepath.Join(tlsDir, filepath.Clean(name)), content); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

func linkKubectl() error {
	folder := filepath.Join(dataDir, "bin")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"kubectl", "ctr", "containerd", "etcdctl"} {
		link := filepath.Join(folder, name)
		_ = os.Remove(link)
		if err := os.Symlink(filepath.Join(runtimeDir, name), link); err != nil {
			return err
		}
	}
	return nil
}
