#!/bin/sh
# rke2-uninstall.sh: takes RKE2 and its data off this machine.
set -u
/usr/local/bin/rke2-killall.sh
systemctl disable rke2-server rke2-agent 2>/dev/null
# Cilium's mount of the control groups, and what may itself be a mount.
umount -l /run/cilium/cgroupv2 2>/dev/null
rm -rf /var/lib/kubelet/* /var/lib/rancher/rke2/* /etc/rancher/rke2 /etc/rancher/node /etc/cni /opt/cni/bin /run/cilium
rm -rf /usr/local/lib/rke2 /usr/local/share/rke2 /usr/local/bin/rke2 /usr/local/lib/systemd/system/rke2-*
rmdir /var/lib/rancher/rke2 /var/lib/kubelet 2>/dev/null
systemctl daemon-reload
rm -f /usr/local/bin/rke2-killall.sh /usr/local/bin/rke2-uninstall.sh
