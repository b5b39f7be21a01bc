package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const heartbeat = 3 * time.Second

// node is what a machine says of itself when it joins, and again with every heartbeat.
type node struct {
	Name, Address, Role, Password string
}

// joined is what a server tells one that may join; the CA's key goes to servers alone.
type joined struct {
	CertPEM, KeyPEM []byte
}

// ownNode gives this machine the password by which the cluster knows it again; it is written once.
func ownNode(s settings, role string) (node, error) {
	const path = "/etc/rancher/node/password"
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		text = []byte(newSecret() + "\n")
		err = writeFile(path, text, 0o600)
	}
	return node{Name: s.name, Address: s.address, Role: role, Password: strings.TrimSpace(string(text))}, err
}

// join asks the server of config.yaml to take this node in, until it does; a wrong token or password ends it.
func join(ctx context.Context, s settings, n node) (joined, error) {
	for {
		answer, err := callServer(ctx, s, n)
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		if refused := (*refusal)(nil); asRefusal(err, &refused) {
			return joined{}, err
		}
		log.Printf("level=info msg=%q", fmt.Sprintf("Waiting to retrieve agent configuration; server is not ready: %v", err))
		if !pause(ctx, heartbeat) {
			return joined{}, ctx.Err()
		}
	}
}

// keepAlive tells the server that this node lives, until the context ends.
func keepAlive(ctx context.Context, s settings, n node) error {
	for pause(ctx, heartbeat) {
		if _, err := callServer(ctx, s, n); err != nil && ctx.Err() == nil {
			log.Printf("level=error msg=%q", fmt.Sprintf("heartbeat: %v", err))
		}
	}
	return nil
}

func runAgent(ctx context.Context, s settings) error {
	if s.server == "" {
		return fmt.Errorf("--server is required")
	}
	n, err := ownNode(s, "agent")
	if err != nil {
		return err
	}
	if _, err := join(ctx, s, n); err != nil {
		return err
	}
	notifyReady()
	return keepAlive(ctx, s, n)
}

// refusal is an answer that trying again will not change.
type refusal struct{ message string }

func (r *refusal) Error() string { return r.message }

func asRefusal(err error, target **refusal) bool {
	found, ok := err.(*refusal)
	*target = found
	return ok
}

// The server is not known before it is joined, as with a short token of RKE2: no certificate is checked here.
var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}

func callServer(ctx context.Context, s settings, n node) (joined, error) {
	body, err := json.Marshal(n)
	if err != nil {
		return joined{}, err
	}
	request, err := http.NewRequestWithContext(ctx, "POST", s.server+"/v1-rke2/join", bytes.NewReader(body))
	if err != nil {
		return joined{}, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	response, err := client.Do(request)
	if err != nil {
		return joined{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return joined{}, err
	}
	switch response.StatusCode {
	case http.StatusOK:
		var result joined
		return result, json.Unmarshal(text, &result)
	case http.StatusUnauthorized, http.StatusForbidden:
		return joined{}, &refusal{strings.TrimSpace(string(text))}
	default:
		return joined{}, fmt.Errorf("%s: %s", response.Status, text)
	}
}

// pause waits; false = the context ended first.
func pause(ctx context.Context, duration time.Duration) bool {
	select {
	case <-time.After(duration):
		return true
	case <-ctx.Done():
		return false
	}
}

// notifyReady tells systemd that the start is done (Type=notify): man sd_notify.
func notifyReady() {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return
	}
	connection, err := net.Dial("unixgram", path)
	if err != nil {
		log.Printf("level=error msg=%q", err)
		return
	}
	defer connection.Close()
	_, _ = connection.Write([]byte("READY=1"))
}

func newSecret() string {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes)
	return hex.EncodeToString(bytes)
}

func newUID() string {
	text := newSecret()
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}
