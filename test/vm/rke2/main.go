// A stand-in for RKE2, for tests on machines that are too slow for a control plane.
//
// It is a test double: it has RKE2's files, ports, units and ways of joining and refusing, as far as a toolkit
// that installs RKE2 sees them from outside, and no Kubernetes inside. The first server keeps a list of nodes and
// shows it as the Kubernetes API would; other servers hand every question on to it. Nothing runs in the cluster.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

// Set by the build: -ldflags "-X main.version=v1.36.4+rke2r1".
var version = "v0.0.0+rke2r0"

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatalf("level=fatal msg=%q", err)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("expected one of: --version, server, agent")
	}
	switch args[0] {
	case "--version", "-v":
		fmt.Printf("rke2 version %s (stand-in)\ngo version stand-in\n", version)
		return nil
	case "server", "agent":
		settings, err := readSettings("/etc/rancher/rke2/config.yaml")
		if err != nil {
			return err
		}
		if args[0] == "agent" {
			return runAgent(ctx, settings)
		}
		return runServer(ctx, settings)
	default:
		return fmt.Errorf("unknown command %q", args[0])
	}
}
