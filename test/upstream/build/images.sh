#!/bin/bash
# images.sh FOLDER OCI-IMAGE CILIUM-IMAGE SPIRE-IMAGES HELM-ENTRY KUBERNETES CILIUM COREDNS SPIRE ROOT …: every image as an
# OCI archive, made of programs alone, without a registry.
set -euo pipefail
. ./versions.sh
out=$1 kubernetes=$6 cilium=$7 coredns=$8 spire=$9 base=${10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

new_image() { root=$work/$1; rm -rf "$root"; mkdir -p "$root"; }
put() { install -D -m 755 "$(readlink -f "$1")" "$root$2"; }
save() { ./oci-image.sh "$IMAGES/$1" "$root" "$out/${1%%:*}.tar" "$2"; } # NAME:TAG CONFIG
certificates() { install -D -m 644 "$base/etc/ssl/certs/ca-certificates.crt" "$root/etc/ssl/certs/ca-certificates.crt"; }

with_busybox() {
  local name
  put /bin/busybox /bin/busybox
  mkdir -p "$root"/{etc,proc,sys,dev,root}
  mkdir -p -m 1777 "$root/tmp"
  for name in $(/bin/busybox --list); do [ "$name" = busybox ] || ln -s busybox "$root/bin/$name"; done
  printf 'root:x:0:0:root:/root:/bin/sh\nklipper-helm:x:1000:1000::/home/klipper-helm:/bin/sh\n' >"$root/etc/passwd"
}

new_image pause
put "$kubernetes/pause" /pause
save pause:1 '{"Entrypoint":["/pause"],"User":"65535:65535"}'

new_image probe
put "$kubernetes/probe" /probe
save probe:1 '{"Entrypoint":["/probe"]}'

new_image busybox
with_busybox
save busybox:1 '{"Cmd":["/bin/sh"],"Env":["PATH=/bin"]}'

new_image klipper-helm
with_busybox
put "$kubernetes/helm" /usr/bin/helm
put "$kubernetes/helm-set-status" /usr/bin/helm-set-status
put helm-entry /usr/bin/entry
mkdir -p "$root"/home/klipper-helm/{.helm,.cache,.config} "$root"/{chart,config}
save klipper-helm:1 '{"Entrypoint":["entry"],"User":"1000","WorkingDir":"/home/klipper-helm","Env":["PATH=/usr/bin:/bin","HOME=/home/klipper-helm"]}'

new_image coredns
put "$coredns/coredns" /coredns
save coredns:1 '{"Entrypoint":["/coredns"]}'

. ./cilium-image.sh
. ./spire-images.sh
