package main

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// balancer hands connections to 127.0.0.1:6443 on to an API server that answers.
type balancer struct {
	mutex   sync.Mutex
	servers []string
}

func newBalancer(servers []string) *balancer {
	b := &balancer{}
	if len(servers) == 0 {
		servers = knownServers()
	}
	b.use(servers)
	return b
}

func (b *balancer) use(servers []string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.servers = slices.Clone(servers)
}

func (b *balancer) serve(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:6443")
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		listener.Close()
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go b.pass(connection)
	}
}

func (b *balancer) pass(from net.Conn) {
	defer from.Close()
	to, err := b.dial()
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(to, from)
		to.Close()
	}()
	_, _ = io.Copy(from, to)
}

// dial tries each server; the one that answered comes first the next time.
func (b *balancer) dial() (net.Conn, error) {
	b.mutex.Lock()
	servers := slices.Clone(b.servers)
	b.mutex.Unlock()
	for _, server := range servers {
		connection, err := net.DialTimeout("tcp", net.JoinHostPort(server, "6443"), time.Second)
		if err == nil {
			b.prefer(server)
			return connection, nil
		}
	}
	return nil, errors.New("no API server answers")
}

func (b *balancer) prefer(server string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	others := slices.DeleteFunc(slices.Clone(b.servers), func(other string) bool { return other == server })
	b.servers = append([]string{server}, others...)
}
