package main

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
)

// checkProfile refuses profile cis on a machine that was not prepared for it, as RKE2 does.
// https://docs.rke2.io/security/hardening_guide
func checkProfile(s settings) error {
	switch s.Profile {
	case "":
		return nil
	case "cis", "etcd":
	default:
		return fmt.Errorf("invalid value provided for --profile flag: %s", s.Profile)
	}
	for key, wanted := range map[string]string{"vm/panic_on_oom": "0", "vm/overcommit_memory": "1", "kernel/panic": "10", "kernel/panic_on_oops": "1"} {
		value, err := os.ReadFile(filepath.Join("/proc/sys", key))
		if err != nil {
			return err
		}
		if is := strings.TrimSpace(string(value)); is != wanted {
			return fmt.Errorf("invalid kernel parameter value %s=%s - expected %s", strings.ReplaceAll(key, "/", "."), is, wanted)
		}
	}
	if _, err := user.Lookup("etcd"); err != nil {
		return fmt.Errorf("missing required user: unknown user etcd")
	}
	return nil
}
