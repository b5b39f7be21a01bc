#!/bin/bash
# One machine of the bench, inside the enclosure: machine.sh up|down ROOT NAME ADDRESS AUTHORIZED_KEY
# "up" comes back when systemd says that the machine is up. Its disk is an overlay on ROOT, in memory, gone with "down".
set -euo pipefail
command=$1 root=$2 name=$3 address=${4:-} key=${5:-}
home=/run/bench/$name

groups() {
  for tree in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    if [ -e "$tree/cgroup.procs" ]; then echo "$tree/rke2-lab-bench/$name"; fi
  done
}

# PID 1 of the machine, as seen from here.
leader() { pgrep -P "$(cat "$home/pid")"; }

if [ "$command" = down ]; then
  pid=$(cat "$home/pid")
  kill -KILL "$(leader)"
  for _ in $(seq 100); do [ -e "/proc/$pid" ] || break; sleep 0.05; done
  umount "$home/root"
  ip netns del "$name"
  rm -rf "$home"
  for group in $(groups); do find "$group" -depth -type d -exec rmdir {} \; ; done
  exit
fi

mkdir -p "$home"/{upper,work,root,shadow}
mount -t overlay overlay -o "lowerdir=$root,upperdir=$home/upper,workdir=$home/work" "$home/root"
echo "$name" >"$home/root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$home/root/etc/hosts"
ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$home/root/etc/ssh/ssh_host_ed25519_key"
for folder in root home/lab; do
  install -d -m700 "$home/root/$folder/.ssh"
  install -m600 "$key" "$home/root/$folder/.ssh/authorized_keys"
done
chroot "$home/root" chown -R lab: /home/lab/.ssh

ip netns add "$name"
ip -n "$name" link set lo up
ip link add "p-$name" type veth peer name eth1 netns "$name"
ip link set "p-$name" master bench0 up
ip -n "$name" addr add "$address/24" dev eth1
ip -n "$name" link set eth1 up

(
  for group in $(groups); do mkdir -p "$group"; echo "$BASHPID" >"$group/cgroup.procs"; done
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
  exec systemd-nspawn -q --boot --register=no --keep-unit "--machine=$name" "--directory=$home/root" \
    "--network-namespace-path=/run/netns/$name" --resolv-conf=off --timezone=off --link-journal=no \
    --capability=CAP_NET_ADMIN --console=pipe
) </dev/null >"$home/console.log" 2>&1 &
echo $! >"$home/pid"

inside() { nsenter -t "$(leader)" -m -p -u -i -n "$@"; }
for _ in $(seq 600); do
  inside test -S /run/systemd/private -a -S /run/dbus/system_bus_socket 2>/dev/null && break
  sleep 0.1
done
# These two keys are the kernel's, not the machine's: a file of the machine lies over each, so that it reads and writes its own.
for key in max_user_instances max_user_watches; do
  cat "/proc/sys/fs/inotify/$key" >"$home/root/etc/.shadow-$key"
  inside mount --bind "/etc/.shadow-$key" "/proc/sys/fs/inotify/$key"
done
state=$(inside timeout 60 systemctl is-system-running --wait) || true
case $state in running | degraded) ;; *) echo "$name is $state: see $home/console.log" >&2; exit 1 ;; esac
