// rke2 is a stand-in for RKE2, made of the upstream programs that RKE2 is made of. See ../README.md for what it does
// as RKE2 does, and what it does not do.
//
//	rke2 --version
//	rke2 server | agent      as /etc/rancher/rke2/config.yaml says
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// Set by the linker.
var version = "v0.0.0+rke2r0"

const dataDir = "/var/lib/rancher/rke2"

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && ctx.Err() == nil {
		fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want one argument: server, agent or --version")
	}
	switch args[0] {
	case "--version", "-v":
		fmt.Printf("rke2 version %s (stand-in of upstream parts)\ngo version %s\n", version, runtime.Version())
		return nil
	case "server", "agent":
		settings, err := readSettings("/etc/rancher/rke2")
		if err != nil {
			return err
		}
		if err := prepareContainer(); err != nil {
			return err
		}
		if args[0] == "agent" {
			return runAgent(ctx, settings)
		}
		return runServer(ctx, settings)
	}
	return fmt.Errorf("unknown command %q", args[0])
}

// The words of RKE2's journal: logrus text.
func info(format string, args ...any) { say("info", format, args...) }
func warn(format string, args ...any) { say("warning", format, args...) }
func fail(format string, args ...any) { say("error", format, args...) }
func say(level, format string, args ...any) {
	log.Printf("level=%s msg=%q", level, fmt.Sprintf(format, args...))
}

func fatal(err error) {
	say("fatal", "%v", err)
	os.Exit(1)
}
