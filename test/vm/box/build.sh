#!/bin/bash
# Makes a Vagrant box of Debian 12 for libvirt that boots fast without KVM: build.sh WORK BOX MIRROR
# WORK is scratch space, BOX the file to make, MIRROR the Debian mirror that apt uses here.
# Direct kernel boot with a tiny initrd and few units: under software emulation most of a boot is start-up scripts.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
work=$1 box_file=$2 mirror=$3
root=$work/root box=$work/box initrd=$work/initrd
key=$(find /usr/share/rubygems-integration /opt/vagrant -path '*/keys/vagrant.pub' 2>/dev/null || true)
key=${key%%$'\n'*}
[ -n "$key" ] || { echo "no public key of Vagrant's found: is vagrant installed?" >&2; exit 1; }
rm -rf "$work"
mkdir -p "$box"

# open-iscsi, nfs-common and e2fsprogs are what Longhorn asks of a machine: here, so that no test needs a network.
packages=systemd,systemd-sysv,systemd-timesyncd,dbus,udev,kmod,openssh-server,sudo,iproute2,iputils-ping,procps
packages+=,libnss-myhostname,linux-image-cloud-amd64,busybox-static,open-iscsi,nfs-common,e2fsprogs,ca-certificates
debootstrap --variant=minbase --include="$packages" bookworm "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
  { tail -20 "$work/debootstrap.log" >&2; exit 1; }
chroot "$root" useradd -m -s /bin/bash vagrant
install -d -m700 "$root/home/vagrant/.ssh"
install -m600 "$key" "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant: /home/vagrant/.ssh
cp -r "$here/files/." "$root/"
chmod 440 "$root/etc/sudoers.d/vagrant"
: >"$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_*

chroot "$root" systemctl -q enable systemd-networkd ssh-host-keys ssh
chroot "$root" systemctl -q disable iscsid open-iscsi nfs-client.target rpcbind rpcbind.socket 2>/dev/null || true
chroot "$root" systemctl -q set-default multi-user.target
# shellcheck disable=SC2046 -- one unit a word is wanted
chroot "$root" systemctl -q mask $(cat "$here/masked-units")
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
rm -rf "$root"/usr/share/{doc,man,locale}/*

kernel=$(ls "$root/lib/modules")
mkdir -p "$initrd"/{bin,m,dev,newroot}
cp "$root/bin/busybox" "$initrd/bin/"
for applet in sh mount switch_root insmod sleep; do ln -s busybox "$initrd/bin/$applet"; done
count=0
for module in $(for m in virtio_pci virtio_blk; do chroot "$root" modprobe -S "$kernel" --show-depends $m; done |
  awk '/^insmod/ && !seen[$2]++ { print $2 }'); do
  cp "$root$module" "$initrd/m/$(printf %02d $count).ko"
  count=$((count + 1))
done
install -m755 "$here/initrd-init" "$initrd/init"
(cd "$initrd" && find . | cpio -o -H newc --quiet) >"$box/initrd.img"
cp "$root"/boot/vmlinuz-* "$box/vmlinuz"

truncate -s 8G "$work/disk.raw"
mke2fs -q -t ext4 -E lazy_itable_init=1,lazy_journal_init=1 -O ^metadata_csum,^64bit -L root -d "$root" "$work/disk.raw"
qemu-img convert -O qcow2 "$work/disk.raw" "$box/box.img"
echo '{"provider":"libvirt","format":"qcow2","virtual_size":8}' >"$box/metadata.json"
cp "$here/Vagrantfile" "$box/"
tar -C "$box" -cf "$box_file.part" metadata.json Vagrantfile box.img vmlinuz initrd.img
mv "$box_file.part" "$box_file"
rm -rf "$work"
