#!/bin/bash
# release.sh FOLDER FILES MANIFESTS KUBERNETES IMAGES CHART RKE2: what a mirror serves of the release, in RKE2's layout: the
# tarball that is unpacked into /usr/local, two archives of images, the checksums.
set -euo pipefail
. ./versions.sh
out=$1 files=$2 manifests=$3 kubernetes=$4 images=$5 chart=$6 rke2=$7
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
cp -r "$files/." "$root"
install -D -m 755 "$rke2/rke2" "$root/bin/rke2"
# Where RKE2 unpacks its runtime image to, the stand-in has it from the tarball.
lib=$root/lib/rke2
mkdir -p "$lib/bin" "$lib/charts"
install -m 755 "$kubernetes"/{hyperkube,etcdctl} "$lib/bin/"
for name in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl helm-controller; do
  ln -s hyperkube "$lib/bin/$name"
done
install -m 755 /usr/bin/{containerd,containerd-shim-runc-v2,ctr} /usr/sbin/runc "$lib/bin/"
cp "$chart"/*.tgz "$lib/charts/"
cp "$manifests"/*.yaml "$lib/charts/"
sed -i "s#%{IMAGES}%#$IMAGES#g" "$lib"/charts/*.yaml
tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c . | gzip -n -1 >"$out/rke2.linux-amd64.tar.gz"

# Several images in one archive: their layouts laid over each other, with one index.
archive() { # NAME IMAGE...
  local name=$1 folder=$work/$1 image entries=(); shift
  mkdir -p "$folder"
  for image in "$@"; do
    tar -C "$folder" -xf "$images/$image.tar"
    entries+=("$(sed -n 's/.*"manifests":\[\(.*\)\]}$/\1/p' "$folder/index.json")")
  done
  (IFS=,; echo "{\"schemaVersion\":2,\"manifests\":[${entries[*]}]}" >"$folder/index.json")
  tar -C "$folder" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c oci-layout index.json blobs |
    zstd -q -3 -T0 -o "$out/rke2-images-$name.linux-amd64.tar.zst"
  rm -rf "$folder"
}
archive core pause busybox probe klipper-helm coredns
archive cilium cilium cilium-operator hubble-relay hubble-ui spire-server spire-agent spire-init
rm -rf "$work"
cd "$out"
sha256sum ./*.gz ./*.zst | sed 's#\./##' >sha256sum-amd64.txt
