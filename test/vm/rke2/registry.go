package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"time"
)

// silence is how long a node may say nothing until it counts as lost.
const silence = 12 * time.Second

var errRejected = errors.New("Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag")

// entry is one node as the first server keeps it.
type entry struct {
	Name, Address, Role, PasswordHash, UID, Version string
	Created                                         time.Time
	Ready                                           bool
	Changed                                         time.Time
	ResourceVersion                                 int
	lastSeen                                        time.Time
}

// change is what a watch tells.
type change struct {
	Type   string `json:"type"`
	Object any    `json:"object"`
	number int
}

// registry is the list of nodes. It is stored at every change, and survives a restart.
type registry struct {
	mu       sync.Mutex
	path     string
	Revision int
	Nodes    map[string]*entry
	oldest   int
	changes  []change
	changed  chan struct{}
}

func openRegistry() (*registry, error) {
	r := &registry{path: filepath.Join(dataDir, "server", "db", "nodes.json"), Nodes: map[string]*entry{}, changed: make(chan struct{})}
	text, err := os.ReadFile(r.path)
	if err == nil {
		err = json.Unmarshal(text, r)
	} else if os.IsNotExist(err) {
		err = nil
	}
	r.Revision += 1
	r.oldest = r.Revision
	for _, node := range r.Nodes {
		node.lastSeen = time.Now()
	}
	return r, err
}

// seen takes a node in, or notes that it is alive.
func (r *registry) seen(n node) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := sha256.Sum256([]byte(n.Password))
	hash := hex.EncodeToString(sum[:])
	known, ok := r.Nodes[n.Name]
	if ok && known.PasswordHash != hash {
		return errRejected
	}
	if !ok {
		r.Nodes[n.Name] = &entry{
			Name: n.Name, Address: n.Address, Role: n.Role, PasswordHash: hash, UID: newUID(), Version: version,
			Created: time.Now().UTC(), Changed: time.Now().UTC(), Ready: true, lastSeen: time.Now(),
		}
		return r.store("ADDED", r.Nodes[n.Name])
	}
	known.lastSeen = time.Now()
	if known.Ready && known.Address == n.Address {
		return nil
	}
	known.Ready, known.Address, known.Changed = true, n.Address, time.Now().UTC()
	return r.store("MODIFIED", known)
}

// remove forgets a node and its password, if it is still the one with that uid.
func (r *registry) remove(name, uid string) (any, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.Nodes[name]
	if !ok {
		return nil, os.ErrNotExist
	}
	if uid != "" && uid != known.UID {
		return nil, errors.New("the UID in the precondition (" + uid + ") does not match the UID in record (" + known.UID + ")")
	}
	delete(r.Nodes, name)
	return known.object(), r.store("DELETED", known)
}

// noteSilence marks nodes that say nothing any more.
func (r *registry) noteSilence() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, known := range r.Nodes {
		if !known.Ready || time.Since(known.lastSeen) < silence {
			continue
		}
		known.Ready, known.Changed = false, time.Now().UTC()
		if err := r.store("MODIFIED", known); err != nil {
			return err
		}
	}
	return nil
}

// list shows all nodes and the revision that a watch goes on from.
func (r *registry) list() (objects []any, revision int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := make([]string, 0, len(r.Nodes))
	for name := range r.Nodes {
		names = append(names, name)
	}
	sort.Strings(names)
	objects = []any{}
	for _, name := range names {
		objects = append(objects, r.Nodes[name].object())
	}
	return objects, r.Revision
}

func (r *registry) get(name string) (any, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.Nodes[name]
	if !ok {
		return nil, false
	}
	return known.object(), true
}

// since gives the changes after a revision, and what to wait for when there are none; false = too long ago.
func (r *registry) since(revision int) ([]change, <-chan struct{}, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if revision < r.oldest {
		return nil, nil, false
	}
	news := []change{}
	for _, one := range r.changes {
		if one.number > revision {
			news = append(news, one)
		}
	}
	return news, r.changed, true
}

// store is called with the lock held.
func (r *registry) store(kind string, changed *entry) error {
	r.Revision++
	changed.ResourceVersion = r.Revision
	r.changes = append(r.changes, change{Type: kind, Object: changed.object(), number: r.Revision})
	close(r.changed)
	r.changed = make(chan struct{})
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeFile(r.path, text, 0o600)
}

// object is the node as the API shows it.
func (e *entry) object() any {
	labels := map[string]string{"kubernetes.io/hostname": e.Name, "kubernetes.io/os": "linux"}
	if e.Role == "server" {
		labels["node-role.kubernetes.io/control-plane"] = "true"
		labels["node-role.kubernetes.io/etcd"] = "true"
	}
	status, reason, message := "True", "KubeletReady", "kubelet is posting ready status"
	if !e.Ready {
		status, reason, message = "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."
	}
	return map[string]any{
		"apiVersion": "v1", "kind": "Node",
		"metadata": map[string]any{
			"name": e.Name, "uid": e.UID, "resourceVersion": strconv.Itoa(e.ResourceVersion),
			"creationTimestamp": e.Created.Format(time.RFC3339), "labels": labels,
		},
		"spec": map[string]any{},
		"status": map[string]any{
			"addresses":  []any{map[string]string{"type": "InternalIP", "address": e.Address}, map[string]string{"type": "Hostname", "address": e.Name}},
			"conditions": []any{map[string]string{"type": "Ready", "status": status, "reason": reason, "message": message, "lastTransitionTime": e.Changed.Format(time.RFC3339)}},
			"nodeInfo":   map[string]string{"kubeletVersion": e.Version},
		},
	}
}
