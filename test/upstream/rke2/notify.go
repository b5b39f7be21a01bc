package main

import (
	"net"
	"os"
)

// notifyReady tells systemd that the unit has started. https://www.freedesktop.org/software/systemd/man/sd_notify.html
func notifyReady() {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	connection, err := net.Dial("unixgram", socket)
	if err == nil {
		_, err = connection.Write([]byte("READY=1"))
		connection.Close()
	}
	if err != nil {
		fail("Failed to notify systemd: %v", err)
	}
}
