#!/bin/bash
# Makes the root that all machines of the bench share: root.sh ROOT   (Debian 12, 1-2 min, from the mirror that apt uses here)
# With all that prepare-nodes and Ansible ask of a machine, so that no machine needs a network; like a cloud image it has
# systemd-resolved with its stub in /etc/resolv.conf and a user "lab" who may use sudo.
set -euo pipefail
root=$1
recipe=$(sha256sum <"$0")
if [ "$(cat "$root/etc/rke2-lab-bench" 2>/dev/null)" = "$recipe" ]; then exit 0; fi
suite=bookworm
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
  awk -v suite="$suite" '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || { echo "apt has no mirror of Debian $suite here" >&2; exit 1; }

packages=systemd,systemd-sysv,systemd-resolved,dbus,openssh-server,sudo,iproute2,procps,python3,python3-apt
packages+=,open-iscsi,nfs-common,e2fsprogs
rm -rf "$root.part"
mkdir -p "$(dirname "$root")"
debootstrap --variant=minbase --include="$packages" "$suite" "$root.part" "$mirror" >"$root.log" 2>&1 ||
  { tail -20 "$root.log" >&2; exit 1; }

chroot "$root.part" useradd -m -s /bin/bash lab
echo 'lab ALL=(ALL) NOPASSWD: ALL' >"$root.part/etc/sudoers.d/lab"
chmod 440 "$root.part/etc/sudoers.d/lab"
echo 'UseDNS no' >"$root.part/etc/ssh/sshd_config.d/bench.conf"
rm -f "$root.part"/etc/ssh/ssh_host_*
ln -sfn /run/systemd/resolve/stub-resolv.conf "$root.part/etc/resolv.conf"
: >"$root.part/etc/machine-id"
: >"$root.part/etc/fstab"
chroot "$root.part" systemctl -q enable ssh systemd-resolved
chroot "$root.part" systemctl -q set-default multi-user.target
# What only costs start-up time in a container, and (ask-password) inotify instances, of which all machines together have 128.
chroot "$root.part" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
  e2scrub_reap.service fstrim.timer getty.target console-getty.service systemd-ask-password-console.path \
  systemd-ask-password-wall.path iscsid.service open-iscsi.service \
  nfs-client.target rpcbind.service rpcbind.socket systemd-networkd.service systemd-timesyncd.service
rm -rf "$root.part"/var/cache/apt/archives/*.deb
echo "$recipe" >"$root.part/etc/rke2-lab-bench"
rm -rf "$root"
mv "$root.part" "$root"
