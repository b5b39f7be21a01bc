#!/bin/bash
# One machine, run until it is switched off, and booted again when it reboots: machine.sh FOLDER
# FOLDER/start says how (see nspawn-start.ts). Mounts and network are in namespaces of this process and
# its machine: however they end, these end with them. TERM shuts the machine down in an orderly way.
set -euo pipefail
folder=$1
. "$folder/start"

if [ "${2:-}" != enclosed ]; then
  ticks=$(sed 's/.*) //' "/proc/$$/stat" | cut -d' ' -f20)
  echo "$$ $ticks $(cat /proc/sys/kernel/random/boot_id)" >"$folder/pid.part"
  mv "$folder/pid.part" "$folder/pid"
  # The namespace that the other ends of the cables stay in.
  exec 8</proc/self/ns/net
  exec unshare --mount --propagation slave --net "$(readlink -f "$0")" "$folder" enclosed
fi

ip link set lo up
for cable in $CABLES; do
  IFS=, read -r nic address mac port bridge <<<"$cable"
  # A dead machine's namespace, and its cable, can outlive it for a minute: the name is ours alone.
  nsenter --net=/proc/$$/fd/8 ip link delete "$port" 2>/dev/null || true
  nsenter --net=/proc/$$/fd/8 ip link add "$port" type veth peer name "$nic" netns $$
  nsenter --net=/proc/$$/fd/8 ip link set "$port" alias "rke2-lab: $nic of $NAME"
  nsenter --net=/proc/$$/fd/8 ip link set "$port" master "$bridge" up
  ip link set "$nic" address "$mac"
  ip addr add "$address" dev "$nic"
  ip link set "$nic" up
done
exec 8<&-
ip route add default via "$GATEWAY"

mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
# These lie on the disk itself: containers are overlays, and an overlay cannot be on one.
binds=(--bind=/dev/kmsg)
for place in /var/lib/rancher /var/lib/containerd /var/lib/kubelet; do
  mkdir -p "$folder/volumes$place"
  binds+=("--bind=$folder/volumes$place:$place")
done
if [ -d /lib/modules ]; then binds+=(--bind-ro=/lib/modules); fi
if [ -n "$DISK" ]; then
  loop=$(losetup --find --show "$DISK")
  # Detached while in use, it goes when the last user does: no way to end leaves it behind.
  exec 7<>"$loop"
  losetup --detach "$loop"
  binds+=("--bind=$loop:/dev/vdb")
fi

hierarchy=0
if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then hierarchy=1; fi
# Control groups of its own; the newer hierarchy lets no processes be where groups are, so there it is below the root.
groups() {
  local number controllers path tree
  while IFS=: read -r number controllers path; do
    tree=/sys/fs/cgroup/${controllers#name=}
    if [ "$number" = 0 ]; then
      tree=/sys/fs/cgroup path=
      if [ $hierarchy = 0 ]; then tree+=/unified; fi
    fi
    if [ -e "$tree/cgroup.procs" ]; then echo "$tree${path%/}/rke2-lab/$ID"; fi
  done </proc/self/cgroup
}
if [ ! -e "$folder/cgroups" ]; then groups >"$folder/cgroups"; fi
enter_groups() {
  local group
  while read -r group; do
    mkdir -p "$group"
    if [ -e "$group/cpuset.cpus" ] && [[ $group = */cpuset/* ]]; then
      for level in "$(dirname "$group")" "$group"; do
        for file in cpuset.cpus cpuset.mems; do cat "$level/../$file" >"$level/$file"; done
      done
    fi
    if [ $hierarchy = 1 ]; then
      for level in "$group/../.." "$group/.."; do
        for controller in cpuset cpu io memory pids; do echo "+$controller" >"$level/cgroup.subtree_control" 2>/dev/null || true; done
      done
    fi
    echo $$ >"$group/cgroup.procs"
  done <"$folder/cgroups"
}

stopping=
child=
trap 'stopping=yes; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true' TERM
trap '' INT HUP
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=$hierarchy SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_NSPAWN_TMPFS_TMP=0
while [ -z "$stopping" ]; do
  enter_groups
  # NET_ADMIN, SYSLOG, IPC_LOCK and the calls are what kubelet, containerd and Cilium need.
  systemd-nspawn --quiet --boot --register=no --keep-unit --machine="$ID" --hostname="$NAME" --directory="$folder/root" \
    --network-namespace-path="/proc/$$/ns/net" --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
    --capability=CAP_NET_ADMIN,CAP_SYSLOG,CAP_IPC_LOCK --system-call-filter='keyctl add_key bpf perf_event_open' \
    "${binds[@]}" 7<&- &
  child=$!
  code=0
  wait "$child" || code=$?
  # A signal ends the waiting, not the machine.
  while kill -0 "$child" 2>/dev/null; do wait "$child" || code=$?; done
  [ "$code" = 133 ] || exit "$code"
done
