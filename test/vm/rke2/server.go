package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
)

// cluster is what a server answers with: the first from its own registry, the others from the first's.
type cluster struct {
	ca       authority
	api      http.Handler
	takeIn   func(node) error
	maintain func(context.Context) error
}

func runServer(ctx context.Context, s settings) error {
	self, err := ownNode(s, "server")
	if err != nil {
		return err
	}
	open := found
	if s.server != "" {
		open = joinCluster
	}
	c, err := open(ctx, s, self)
	if err != nil {
		return err
	}
	if err := writeServerFiles(s, c.ca); err != nil {
		return err
	}
	names := append([]string{"127.0.0.1", "localhost", "kubernetes", s.address, s.name}, s.tlsSANs...)
	certPEM, keyPEM, err := c.ca.issue(admin, names)
	if err != nil {
		return err
	}
	certificate, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return err
	}
	tlsConfig := &tls.Config{Certificates: []tls.Certificate{certificate}, ClientCAs: c.ca.pool(), ClientAuth: tls.VerifyClientCertIfGiven}
	failed := make(chan error, 3)
	serve := func(port string, handler http.Handler) {
		server := &http.Server{Addr: ":" + port, Handler: handler, TLSConfig: tlsConfig}
		context.AfterFunc(ctx, func() { _ = server.Close() })
		go func() { failed <- server.ListenAndServeTLS("", "") }()
	}
	serve("6443", c.api)
	serve("9345", supervisor(s, c))
	go func() { failed <- c.maintain(ctx) }()
	notifyReady()
	log.Printf("level=info msg=%q", "rke2 is up and running")
	err = <-failed
	if ctx.Err() != nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// found makes the cluster, or goes on with the one that is on the disk.
func found(_ context.Context, s settings, self node) (cluster, error) {
	ca, err := loadAuthority()
	if err != nil {
		return cluster{}, err
	}
	nodes, err := openRegistry()
	if err != nil {
		return cluster{}, err
	}
	maintain := func(ctx context.Context) error {
		for pause(ctx, heartbeat) {
			if err := errors.Join(nodes.seen(self), nodes.noteSilence()); err != nil {
				return err
			}
		}
		return nil
	}
	return cluster{ca: ca, api: apiHandler(nodes), takeIn: nodes.seen, maintain: maintain}, nodes.seen(self)
}

// joinCluster makes this server a member: it gets the CA, and hands every question on to the one that it joined.
func joinCluster(ctx context.Context, s settings, self node) (cluster, error) {
	answer, err := join(ctx, s, self)
	if err != nil {
		return cluster{}, err
	}
	ca := authority{CertPEM: answer.CertPEM, KeyPEM: answer.KeyPEM}
	if err := ca.save(); err != nil {
		return cluster{}, err
	}
	if err := writeFile(filepath.Join(dataDir, "server", "db", "member"), []byte(s.server+"\n"), 0o600); err != nil {
		return cluster{}, err
	}
	certPEM, keyPEM, err := ca.issue(admin, nil)
	if err != nil {
		return cluster{}, err
	}
	certificate, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return cluster{}, err
	}
	target, err := url.Parse(strings.Replace(s.server, ":9345", ":6443", 1))
	if err != nil {
		return cluster{}, err
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.pool(), Certificates: []tls.Certificate{certificate}}}
	api := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if len(q.TLS.PeerCertificates) == 0 {
			failure(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
			return
		}
		proxy.ServeHTTP(w, q)
	})
	takeIn := func(n node) error {
		_, err := callServer(ctx, s, n)
		return err
	}
	return cluster{ca: ca, api: api, takeIn: takeIn, maintain: func(ctx context.Context) error { return keepAlive(ctx, s, self) }}, nil
}

// supervisor is where others join.
func supervisor(s settings, c cluster) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cacerts", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(c.ca.CertPEM) })
	mux.HandleFunc("POST /v1-rke2/join", func(w http.ResponseWriter, q *http.Request) {
		given := strings.TrimPrefix(q.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(s.token)) != 1 {
			http.Error(w, "token is not valid: not authorized", http.StatusUnauthorized)
			return
		}
		var n node
		if err := json.NewDecoder(q.Body).Decode(&n); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := c.takeIn(n); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		result := joined{CertPEM: c.ca.CertPEM}
		if n.Role == "server" {
			result.KeyPEM = c.ca.KeyPEM
		}
		answer(w, http.StatusOK, result)
	})
	return mux
}

func writeServerFiles(s settings, ca authority) error {
	hash := sha256.Sum256(ca.CertPEM)
	token := fmt.Sprintf("K10%s::server:%s\n", hex.EncodeToString(hash[:]), s.token)
	if err := writeFile(filepath.Join(dataDir, "server", "node-token"), []byte(token), 0o600); err != nil {
		return err
	}
	certPEM, keyPEM, err := ca.issue(admin, nil)
	if err != nil {
		return err
	}
	encode := base64.StdEncoding.EncodeToString
	kubeconfig := fmt.Sprintf(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: %s
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: %s
    client-key-data: %s
`, encode(ca.CertPEM), encode(certPEM), encode(keyPEM))
	return writeFile("/etc/rancher/rke2/rke2.yaml", []byte(kubeconfig), s.kubeconfigMode)
}
