// probe serve PORT...        answers each TCP connection with its own name and the caller's address
// probe get ADDRESS:PORT...  prints the answer, or why there is none, within 2 s
// probe web                  answers HTTP with "ok" on port $EVENTS_SERVER_PORT (8081), for what must only be there
// probe sleep
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	switch os.Args[1] {
	case "serve":
		name, _ := os.Hostname()
		for _, port := range os.Args[2:] {
			listener, err := net.Listen("tcp", ":"+port)
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			go func() {
				for {
					if c, err := listener.Accept(); err == nil {
						fmt.Fprintf(c, "%s:%s sees %s", name, port, c.RemoteAddr().(*net.TCPAddr).IP)
						c.Close()
					}
				}
			}()
		}
		select {}
	case "get":
		failed := 0
		for _, address := range os.Args[2:] {
			answer := []byte{}
			c, err := net.DialTimeout("tcp", address, 2*time.Second)
			if err == nil {
				c.SetDeadline(time.Now().Add(2 * time.Second))
				answer, err = io.ReadAll(c)
			}
			if err != nil {
				answer, failed = []byte(err.Error()), 1
			}
			fmt.Printf("%s\n", answer)
		}
		os.Exit(failed)
	case "web":
		port := os.Getenv("EVENTS_SERVER_PORT")
		if port == "" {
			port = "8081"
		}
		ok := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }
		fmt.Println(http.ListenAndServe(":"+port, http.HandlerFunc(ok)))
		os.Exit(1)
	default:
		for {
			time.Sleep(time.Hour)
		}
	}
}
