package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

const (
	databaseDir  = dataDir + "/server/db/etcd"
	localEtcd    = "https://127.0.0.1:2379"
	etcdNameFile = databaseDir + "/name"
)

func peerURL(s settings) string { return "https://" + s.NodeIP + ":2380" }

// etcdName is the node's name with a part of its own, so that a server that comes again is another member.
func etcdName(s settings) (string, error) {
	if name, err := os.ReadFile(etcdNameFile); err == nil {
		return string(name), nil
	}
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	name := s.NodeName + "-" + hex.EncodeToString(random)
	return name, writeSecret(etcdNameFile, []byte(name))
}

func isMember() bool {
	_, err := os.Stat(filepath.Join(databaseDir, "member"))
	return err == nil
}

// startEtcd founds a cluster, goes on as a member of one, or joins one.
func startEtcd(ctx context.Context, p *programs, s settings, join *supervisorClient) error {
	name, err := etcdName(s)
	if err != nil {
		return err
	}
	initial, state := name+"="+peerURL(s), "new"
	if !isMember() && join != nil {
		state = "existing"
		if initial, err = joinEtcd(ctx, s, name, join); err != nil {
			return err
		}
	}
	if err := p.start("etcd", etcdArguments(s, name, initial, state)...); err != nil {
		return err
	}
	return untilTrue(ctx, "etcd is a member that votes", func(ctx context.Context) (bool, error) {
		client, err := etcdClient(localEtcd)
		if err != nil {
			return false, err
		}
		defer client.Close()
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		// A learner answers no such read.
		_, err = client.Get(short, "health")
		return err == nil, nil
	})
}

func etcdArguments(s settings, name, initial, state string) []string {
	file := func(name string) string { return filepath.Join(tlsDir, "etcd", name) }
	metrics := "http://127.0.0.1:2381"
	if s.EtcdMetrics {
		metrics += ",http://" + s.NodeIP + ":2381"
	}
	return []string{
		"--name", name, "--data-dir", databaseDir, "--log-level", "warn",
		// The computer's disk holds the machines of all servers; it cannot lose power for one of them.
		"--unsafe-no-fsync",
		// RKE2's values: https://github.com/k3s-io/k3s/blob/master/pkg/etcd/etcd.go
		"--heartbeat-interval", "500", "--election-timeout", "5000",
		"--listen-client-urls", localEtcd + ",https://" + s.NodeIP + ":2379",
		"--advertise-client-urls", "https://" + s.NodeIP + ":2379",
		"--listen-peer-urls", peerURL(s), "--initial-advertise-peer-urls", peerURL(s),
		"--listen-metrics-urls", metrics,
		"--initial-cluster", initial, "--initial-cluster-state", state,
		"--client-cert-auth", "--trusted-ca-file", file("server-ca.crt"),
		"--cert-file", file("server-client.crt"), "--key-file", file("server-client.key"),
		"--peer-client-cert-auth", "--peer-trusted-ca-file", file("peer-ca.crt"),
		"--peer-cert-file", file("peer-server-client.crt"), "--peer-key-file", file("peer-server-client.key"),
	}
}

func etcdClient(endpoints ...string) (*clientv3.Client, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(tlsDir, "etcd/client.crt"), filepath.Join(tlsDir, "etcd/client.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(filepath.Join(tlsDir, "etcd/server-ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	return clientv3.New(clientv3.Config{
		Endpoints:   endpoints,
		DialTimeout: 2 * time.Second,
		Logger:      zap.NewNop(),
		TLS:         &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}},
	})
}

// untilTrue asks four times a second until it is so. An error of the question ends it.
func untilTrue(ctx context.Context, what string, question func(context.Context) (bool, error)) error {
	for said := time.Now(); ; {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		done, err := question(attempt)
		cancel()
		if done || err != nil {
			return err
		}
		if time.Since(said) > 10*time.Second {
			info("Waiting until %s", what)
			said = time.Now()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting until %s: %w", what, context.Cause(ctx))
		case <-time.After(250 * time.Millisecond):
		}
	}
}
