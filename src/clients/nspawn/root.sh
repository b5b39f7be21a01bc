#!/bin/bash
# Makes the root file system that all machines share: root.sh FOLDER SUITE MIRROR PACKAGE...
# Debian by debootstrap, its signatures checked; MIRROR may be empty: then the one that apt uses here, else debootstrap's own.
# Made beside and renamed, under a lock: of two labs that need it at once, one makes it. What it says goes to standard output.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
folder=$1 suite=$2 mirror=$3
shift 3
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
[ ! -d "$folder/root" ] || exit 0
part=$folder/part
rm -rf "$part"

if [ -z "$mirror" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 2>/dev/null |
    awk -v suite="$suite" '$2 == suite { print $1; exit }') || mirror=
fi
packages=systemd,systemd-sysv,systemd-resolved,dbus,openssh-server,sudo,iproute2,iputils-ping,iptables,procps,kmod
packages+=,ca-certificates,libnss-myhostname,e2fsprogs,open-iscsi,nfs-common,util-linux,mount
for package; do packages+=,$package; done
# Its programs would inherit the lock, and keep it should they outlive us.
debootstrap --force-check-gpg --variant=minbase --include="$packages" "$suite" "$part" ${mirror:+"$mirror"} 2>&1 9>&-

in_root() { chroot "$part" "$@" 9>&-; }
in_root useradd -m -s /bin/bash vagrant
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' >"$part/etc/sudoers.d/vagrant"
chmod 440 "$part/etc/sudoers.d/vagrant"
printf 'UseDNS no\nPasswordAuthentication no\n' >"$part/etc/ssh/sshd_config.d/rke2-lab.conf"
# Whoever gets the banner may log in: pam_nologin turns users away until systemd-user-sessions has run.
install -d "$part/etc/systemd/system/ssh.service.d"
printf '[Unit]\nAfter=systemd-user-sessions.service\n' >"$part/etc/systemd/system/ssh.service.d/rke2-lab.conf"
# /dev/kmsg is that of the computer, with the words of all.
install -d "$part/etc/systemd/journald.conf.d"
printf '[Journal]\nReadKMsg=no\n' >"$part/etc/systemd/journald.conf.d/rke2-lab.conf"
install -m 755 "$here/boot.sh" "$part/usr/local/sbin/rke2-lab-boot"
install -m 644 "$here/boot.service" "$part/etc/systemd/system/rke2-lab-boot.service"
ln -sfn /run/systemd/resolve/stub-resolv.conf "$part/etc/resolv.conf"
rm -f "$part"/etc/ssh/ssh_host_* "$part"/var/cache/apt/archives/*.deb
: >"$part/etc/machine-id"
: >"$part/etc/fstab"
in_root systemctl -q enable ssh systemd-resolved rke2-lab-boot
in_root systemctl -q set-default multi-user.target
# What only costs start-up time here, or belongs to the kernel's owner: its devices (udev would ask for their events anew) and the clock.
in_root systemctl -q mask tmp.mount apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer getty.target console-getty.service systemd-timesyncd.service systemd-networkd.service systemd-firstboot.service \
  systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
  systemd-ask-password-console.path systemd-ask-password-wall.path rpcbind.service rpcbind.socket nfs-client.target
mv "$part" "$folder/root"
