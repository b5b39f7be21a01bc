package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// prepareContainer gives a machine of systemd-nspawn what a virtual machine has by itself. It does nothing elsewhere.
func prepareContainer() error {
	if _, err := os.Stat("/run/host/container-manager"); err != nil {
		return nil
	}
	// The hierarchies are the machine's own control groups, mounted read-only.
	groups, _ := filepath.Glob("/sys/fs/cgroup/*")
	for _, folder := range append([]string{"/sys/fs/cgroup"}, groups...) {
		_ = syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_BIND, "")
	}
	if err := mountBPF(); err != nil {
		return err
	}
	if err := shadowSysctls(); err != nil {
		return err
	}
	return syscall.Mount("", "/", "", syscall.MS_SHARED|syscall.MS_REC, "")
}

// mountBPF mounts a file system for Cilium's maps and programs, where systemd mounts it on a real machine.
func mountBPF() error {
	const place = "/sys/fs/bpf"
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil || strings.Contains(string(mounts), " "+place+" bpf ") {
		return err
	}
	_ = syscall.Mount("", "/sys", "", syscall.MS_REMOUNT|syscall.MS_BIND, "")
	if err := os.MkdirAll(place, 0o755); err != nil {
		return err
	}
	return syscall.Mount("bpf", place, "bpf", 0, "mode=700")
}

// The kernel's settings that a kubelet writes, with its values: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/cm/container_manager_linux.go
var kubeletSysctls = map[string]string{
	"vm/overcommit_memory": "1", "vm/panic_on_oom": "0", "vm/max_map_count": "1048576",
	"kernel/panic": "10", "kernel/panic_on_oops": "1",
	"kernel/keys/root_maxkeys": "1000000", "kernel/keys/root_maxbytes": "25000000",
}

// shadowSysctls lays a file over each: they are the whole computer's, and a container must not change them.
func shadowSysctls() error {
	folder := filepath.Join("/run/rke2-sysctls")
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for key, value := range kubeletSysctls {
		file := filepath.Join(folder, strings.ReplaceAll(key, "/", "."))
		if err := os.WriteFile(file, []byte(value+"\n"), 0o644); err != nil {
			return err
		}
		target := filepath.Join("/proc/sys", key)
		if _, err := os.Stat(target); err != nil {
			continue
		}
		if err := syscall.Mount(file, target, "", syscall.MS_BIND, ""); err != nil {
			return err
		}
	}
	return nil
}
