package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
)

// supervisorClient asks port 9345 of a server.
type supervisorClient struct {
	url, token string
	client     *http.Client
}

// errRefused is an answer that does not get better by asking again.
var errRefused = errors.New("refused")

// newSupervisorClient waits for the server and checks its authority against the token's hash, where it has one.
func newSupervisorClient(ctx context.Context, url, token string) (*supervisorClient, error) {
	c := &supervisorClient{url: strings.TrimSuffix(url, "/"), token: token}
	// The first answer can be checked by the token alone.
	c.use(&tls.Config{InsecureSkipVerify: true})
	var ca []byte
	err := untilTrue(ctx, url+" answers", func(ctx context.Context) (bool, error) {
		var err error
		ca, err = c.get(ctx, "/cacerts", nil)
		if err != nil {
			warn("Failed to validate connection to cluster at %s: %v", url, err)
			time.Sleep(time.Second)
		}
		return err == nil, nil
	})
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(token, "K10") && !strings.HasPrefix(token, "K10"+authorityHash(ca)+"::") {
		return nil, fmt.Errorf("token CA hash does not match the Cluster CA certificate hash: %s", url)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	c.use(&tls.Config{RootCAs: pool})
	return c, nil
}

func (c *supervisorClient) use(config *tls.Config) {
	c.client = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
}

func (c *supervisorClient) etcdMembers(ctx context.Context) (members []*etcdserverpb.Member, err error) {
	answer, err := c.get(ctx, "/db/info", nil)
	if err != nil {
		return nil, err
	}
	return members, json.Unmarshal(answer, &members)
}

// authorities writes the secrets of the cluster below tlsDir.
func (c *supervisorClient) authorities(ctx context.Context) (files map[string][]byte, err error) {
	answer, err := c.get(ctx, "/v1-rke2/server-bootstrap", nil)
	if err != nil {
		return nil, err
	}
	return files, json.Unmarshal(answer, &files)
}

// node asks for a kubelet's credentials.
func (c *supervisorClient) node(ctx context.Context, s settings, password string) (n nodeCredentials, err error) {
	answer, err := c.get(ctx, "/v1-rke2/node", map[string]string{
		"Rke2-Node-Name": s.NodeName, "Rke2-Node-Ip": s.NodeIP, "Rke2-Node-Password": password,
	})
	if err != nil {
		return n, err
	}
	return n, json.Unmarshal(answer, &n)
}

func (c *supervisorClient) apiServers(ctx context.Context) (addresses []string, err error) {
	answer, err := c.get(ctx, "/v1-rke2/apiservers", nil)
	if err != nil {
		return nil, err
	}
	return addresses, json.Unmarshal(answer, &addresses)
}

func (c *supervisorClient) get(ctx context.Context, path string, headers map[string]string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
	if err != nil {
		return nil, err
	}
	request.SetBasicAuth("node", passwordOf(c.token))
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case response.StatusCode == http.StatusUnauthorized:
		return nil, fmt.Errorf("%s%s: 401 Unauthorized: %s: %w", c.url, path, bytes.TrimSpace(body), errRefused)
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s%s: %s: %s", c.url, path, response.Status, bytes.TrimSpace(body))
	}
	return body, err
}
