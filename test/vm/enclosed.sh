#!/bin/bash
# Runs a command with a libvirt of its own: enclosed.sh STATE COMMAND…
# In new network, mount and process namespaces: no packet leaves the computer, libvirt's folders are STATE's, the
# computer's own libvirt is neither seen nor touched, and when the command ends, all that it started ends with it.
set -euo pipefail
if [ "${ENCLOSED:-}" != yes ]; then
  # tini reaps what libvirt leaves behind at once: libvirt waits for that whenever a QEMU ends.
  ENCLOSED=yes exec unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private \
    tini -s -g -- "$(readlink -f "$0")" "$@"
fi
state=$1
shift

mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys
mkdir -p /run/lock /run/user
for folder in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
  mkdir -p "$state$folder" "$folder"
  mount --bind "$state$folder" "$folder"
done
mkdir -p /var/lib/libvirt/{images,boot,dnsmasq,qemu,swtpm} /var/log/libvirt/qemu /etc/libvirt/{qemu/networks/autostart,storage,nwfilter,hooks}
# As root, with nothing around QEMU: the namespaces are the fence here.
cat >/etc/libvirt/qemu.conf <<'CONF'
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = [ ]
CONF
echo 'log_outputs = "2:stderr"' >/etc/libvirt/libvirtd.conf
ip link set lo up

for daemon in virtlogd libvirtd; do
  "$daemon" </dev/null >"$state/$daemon.log" 2>&1 &
done
for _ in $(seq 300); do
  virsh -c qemu:///system version >/dev/null 2>&1 && break
  sleep 0.1
done
virsh -c qemu:///system version >/dev/null || { tail -20 "$state/libvirtd.log" >&2; exit 1; }
"$@"
