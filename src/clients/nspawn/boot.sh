#!/bin/bash
# Runs inside a machine early in each boot: what a computer of its own would have, and a container does not.
set -euo pipefail

# Control groups may be written (kubelet, containerd): nspawn mounts the older hierarchies read-only.
for folder in /sys/fs/cgroup /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$folder" 2>/dev/null || true; done

# A place for eBPF programs of its own, and mounts that reach into pods.
mount -o remount,bind,rw /sys
mkdir -p /sys/fs/bpf
mount -o remount,bind,ro /sys
mountpoint -q /sys/fs/bpf || mount -t bpf -o mode=700 bpf /sys/fs/bpf
mount --make-rshared /

# Only its own disk among the block devices: the others are the host's.
[ "$(stat -f -c %T /sys/block)" = tmpfs ] || mount -t tmpfs -o mode=755 tmpfs /sys/block
if [ -b /dev/vdb ]; then ln -sfn "../dev/block/$(stat -c %Hr:%Lr /dev/vdb)" /sys/block/vdb; fi

# These keys are the kernel's, which all machines share: a file of the machine lies over each, so that it reads and writes its own.
mkdir -p /run/rke2-lab/sysctl
for key in fs/inotify/max_user_instances fs/inotify/max_user_watches vm/overcommit_memory vm/panic_on_oom vm/max_map_count \
  kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  [ -e "/proc/sys/$key" ] || continue
  own=/run/rke2-lab/sysctl/${key//\//.}
  [ ! -e "$own" ] || continue
  cat "/proc/sys/$key" >"$own"
  mount --bind "$own" "/proc/sys/$key"
done

# The data disk: without udev, systemd does not know what is on it.
mount --all
