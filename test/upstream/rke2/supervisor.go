package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// supervisor is port 9345 of a server: the way into the cluster, for whoever has the token.
type supervisor struct {
	settings settings
	password string
}

// serve answers until rke2 ends. Paths of RKE2's where a person may meet them; what is said there is our own.
func (v supervisor) serve(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "pong") })
	mux.HandleFunc("GET /cacerts", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(tlsDir, "server-ca.crt"))
	})
	mux.HandleFunc("GET /v1-rke2/server-bootstrap", v.authorized("server", v.bootstrap))
	mux.HandleFunc("GET /db/info", v.authorized("server", v.members))
	mux.HandleFunc("GET /v1-rke2/node", v.authorized("node", v.node))
	mux.HandleFunc("GET /v1-rke2/apiservers", v.authorized("node", v.apiServers))
	pair := filepath.Join(tlsDir, "serving-kube-apiserver")
	server := &http.Server{Addr: ":9345", Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.ListenAndServeTLS(pair+".crt", pair+".key"); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// authorized lets through who has the server's token, and for a node also who has agent-token.
func (v supervisor) authorized(who string, next func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, given, _ := r.BasicAuth()
		ok := given != "" && equal(given, v.password)
		if who == "node" && v.settings.AgentToken != "" {
			ok = ok || equal(given, passwordOf(v.settings.AgentToken))
		}
		if !ok {
			http.Error(w, "not authorized", http.StatusUnauthorized)
			return
		}
		if err := next(w, r); err != nil {
			warn("%s %s of %s: %v", r.Method, r.URL.Path, r.RemoteAddr, err)
			status := http.StatusServiceUnavailable
			if errors.Is(err, errNodePassword) {
				status = http.StatusForbidden
			}
			http.Error(w, err.Error(), status)
		}
	}
}

func equal(one, other string) bool {
	return subtle.ConstantTimeCompare([]byte(one), []byte(other)) == 1
}

func (v supervisor) bootstrap(w http.ResponseWriter, _ *http.Request) error {
	files := map[string][]byte{}
	for _, name := range authorityFiles() {
		content, err := os.ReadFile(filepath.Join(tlsDir, name))
		if err != nil {
			return err
		}
		files[name] = content
	}
	return json.NewEncoder(w).Encode(files)
}

func (v supervisor) members(w http.ResponseWriter, r *http.Request) error {
	client, err := etcdClient(localEtcd)
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	list, err := client.MemberList(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(list.Members)
}

func (v supervisor) node(w http.ResponseWriter, r *http.Request) error {
	name, address := r.Header.Get("Rke2-Node-Name"), r.Header.Get("Rke2-Node-Ip")
	if err := ensureNodePassword(r.Context(), v.settings, name, r.Header.Get("Rke2-Node-Password")); err != nil {
		return err
	}
	c, err := credentialsOf(r.Context(), v.settings, name, address)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(c)
}

func (v supervisor) apiServers(w http.ResponseWriter, r *http.Request) error {
	addresses, err := apiServers(r.Context(), v.settings)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(addresses)
}

// A full token is K10<hash of the authority>::<user>:<password>; a password alone is one, too.
func passwordOf(token string) string {
	if strings.HasPrefix(token, "K10") {
		if _, rest, ok := strings.Cut(token, "::"); ok {
			_, password, _ := strings.Cut(rest, ":")
			return password
		}
	}
	return token
}

func authorityHash(ca []byte) string { return fmt.Sprintf("%x", sha256.Sum256(ca)) }

// writeTokens writes server/token, node-token and agent-token as RKE2 has them.
func (v supervisor) writeTokens() error {
	ca, err := os.ReadFile(filepath.Join(tlsDir, "server-ca.crt"))
	if err != nil {
		return err
	}
	dir := filepath.Join(dataDir, "server")
	agent := v.password
	if v.settings.AgentToken != "" {
		agent = passwordOf(v.settings.AgentToken)
	}
	for name, text := range map[string]string{"token": "server:" + v.password, "agent-token": "node:" + agent} {
		full := fmt.Sprintf("K10%s::%s\n", authorityHash(ca), text)
		if err := writeSecret(filepath.Join(dir, name), []byte(full)); err != nil {
			return err
		}
	}
	link := filepath.Join(dir, "node-token")
	_ = os.Remove(link)
	return os.Symlink("token", link)
}
