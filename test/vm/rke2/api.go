package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// apiHandler shows the registry as the Kubernetes API would, to clients with a certificate of the CA.
func apiHandler(r *registry) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
		answer(w, http.StatusOK, map[string]string{"major": parts[0], "minor": parts[1], "gitVersion": version, "platform": "linux/amd64"})
	})
	for _, path := range []string{"/readyz", "/livez", "/healthz"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	}
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"kind": "APIVersions", "versions": []string{"v1"}})
	})
	mux.HandleFunc("GET /apis", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{}})
	})
	mux.HandleFunc("GET /api/v1", func(w http.ResponseWriter, _ *http.Request) {
		nodes := map[string]any{"name": "nodes", "singularName": "node", "namespaced": false, "kind": "Node", "verbs": []string{"delete", "get", "list", "watch"}}
		answer(w, http.StatusOK, map[string]any{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{nodes}})
	})
	mux.HandleFunc("GET /api/v1/nodes", func(w http.ResponseWriter, q *http.Request) {
		if watch := q.URL.Query().Get("watch"); watch == "true" || watch == "1" {
			serveWatch(w, q, r)
			return
		}
		objects, revision := r.list()
		answer(w, http.StatusOK, map[string]any{
			"kind": "NodeList", "apiVersion": "v1", "metadata": map[string]string{"resourceVersion": strconv.Itoa(revision)}, "items": objects,
		})
	})
	mux.HandleFunc("GET /api/v1/nodes/{name}", func(w http.ResponseWriter, q *http.Request) {
		object, ok := r.get(q.PathValue("name"))
		if !ok {
			failure(w, http.StatusNotFound, "NotFound", fmt.Sprintf("nodes %q not found", q.PathValue("name")))
			return
		}
		answer(w, http.StatusOK, object)
	})
	mux.HandleFunc("DELETE /api/v1/nodes/{name}", func(w http.ResponseWriter, q *http.Request) { serveDelete(w, q, r) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		failure(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if len(q.TLS.PeerCertificates) == 0 {
			failure(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
			return
		}
		mux.ServeHTTP(w, q)
	})
}

func serveDelete(w http.ResponseWriter, q *http.Request, r *registry) {
	var options struct {
		Preconditions struct {
			UID string `json:"uid"`
		} `json:"preconditions"`
	}
	if err := json.NewDecoder(q.Body).Decode(&options); err != nil && q.ContentLength > 0 {
		failure(w, http.StatusBadRequest, "BadRequest", err.Error())
		return
	}
	object, err := r.remove(q.PathValue("name"), options.Preconditions.UID)
	switch {
	case errors.Is(err, os.ErrNotExist):
		failure(w, http.StatusNotFound, "NotFound", fmt.Sprintf("nodes %q not found", q.PathValue("name")))
	case err != nil:
		failure(w, http.StatusConflict, "Conflict", err.Error())
	default:
		answer(w, http.StatusOK, object)
	}
}

// serveWatch sends changes as they happen, from the revision that the client has seen.
func serveWatch(w http.ResponseWriter, q *http.Request, r *registry) {
	query := q.URL.Query()
	wanted := strings.TrimPrefix(query.Get("fieldSelector"), "metadata.name=")
	_, revision := r.list()
	if given, err := strconv.Atoi(query.Get("resourceVersion")); err == nil && given > 0 {
		revision = given
	}
	limit := time.After(time.Hour)
	if seconds, err := strconv.Atoi(query.Get("timeoutSeconds")); err == nil {
		limit = time.After(time.Duration(seconds) * time.Second)
	}
	w.Header().Set("Content-Type", "application/json")
	encoder, controller := json.NewEncoder(w), http.NewResponseController(w)
	for {
		news, more, ok := r.since(revision)
		if !ok {
			_ = encoder.Encode(change{Type: "ERROR", Object: status(http.StatusGone, "Expired", "too old resource version")})
			return
		}
		for _, one := range news {
			revision = one.number
			if wanted != "" && !isNamed(one.Object, wanted) {
				continue
			}
			if encoder.Encode(one) != nil {
				return
			}
		}
		_ = controller.Flush()
		select {
		case <-more:
		case <-limit:
			return
		case <-q.Context().Done():
			return
		}
	}
}

func isNamed(object any, name string) bool {
	fields, _ := object.(map[string]any)
	metadata, _ := fields["metadata"].(map[string]any)
	return metadata["name"] == name
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

func failure(w http.ResponseWriter, code int, reason, message string) {
	answer(w, code, status(code, reason, message))
}

func status(code int, reason, message string) any {
	return map[string]any{
		"kind": "Status", "apiVersion": "v1", "metadata": map[string]any{}, "status": "Failure",
		"message": message, "reason": reason, "code": code,
	}
}
