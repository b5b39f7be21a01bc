package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// runtimeDir holds the programs that RKE2 has in its runtime image.
const runtimeDir = "/usr/local/lib/rke2/bin"

// programs are the children of rke2. They end with it, whatever ends it; when one of them ends, rke2 does.
type programs struct {
	mutex   sync.Mutex
	running []*program
	// Ends the context of rke2 with the trouble of a child.
	fail context.CancelCauseFunc
}

type program struct {
	name    string
	command *exec.Cmd
	done    chan struct{}
}

// newPrograms comes with a context that ends when one of the programs does.
func newPrograms(ctx context.Context) (context.Context, *programs) {
	ctx, fail := context.WithCancelCause(ctx)
	return ctx, &programs{fail: fail}
}

// start runs a program with its output in agent/logs; a relative name is one of runtimeDir.
func (p *programs) start(name string, args ...string) error {
	logs := filepath.Join(dataDir, "agent/logs")
	if err := os.MkdirAll(logs, 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(filepath.Join(logs, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	command := exec.Command(filepath.Join(runtimeDir, name), args...)
	command.Stdout, command.Stderr = out, out
	command.Env = childEnvironment()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	child := &program{name: name, command: command, done: make(chan struct{})}
	if err := child.run(p.fail); err != nil {
		return err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.running = append(p.running, child)
	return nil
}

// run starts and reaps on one thread: the death signal of a child comes when the thread that made it ends.
func (c *program) run(fail context.CancelCauseFunc) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := c.command.Start()
		started <- err
		if err != nil {
			return
		}
		err = c.command.Wait()
		close(c.done)
		fail(fmt.Errorf("%s ended: %v; see %s/agent/logs/%s.log", c.name, err, dataDir, c.name))
	}()
	return <-started
}

// stopAll asks them in the opposite order of their start: who uses the API before the API, and etcd last.
func (p *programs) stopAll() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for i := len(p.running) - 1; i >= 0; i-- {
		child := p.running[i]
		_ = child.command.Process.Signal(syscall.SIGTERM)
		select {
		case <-child.done:
		case <-time.After(10 * time.Second):
			_ = child.command.Process.Kill()
			<-child.done
		}
	}
	p.running = nil
}

// etcd, kube-apiserver and kubelet would each tell systemd that all is ready: they do not learn whom to tell.
func childEnvironment() []string {
	return append(os.Environ(), "NOTIFY_SOCKET=", "PATH="+runtimeDir+":"+os.Getenv("PATH"))
}
