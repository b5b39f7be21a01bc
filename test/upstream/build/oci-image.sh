#!/bin/bash
# oci-image.sh REFERENCE ROOT OUT.tar CONFIG
# Packs the folder ROOT as a one-layer OCI image archive that `ctr images import`
# takes. CONFIG is the JSON of the image's "config" (Entrypoint, User, Env ...).
set -euo pipefail
reference=$1 root=$2 out=$3 config=$4
work=$(mktemp -d "$(dirname "$out")/oci.XXXXXX")
trap 'rm -rf "$work"' EXIT
blobs=$work/blobs/sha256
mkdir -p "$blobs"

add_blob() { # FILE: moves it into place, sets digest and size
  digest=$(sha256sum "$1" | cut -d' ' -f1) size=$(stat -c %s "$1")
  mv "$1" "$blobs/$digest"
}

# Sorted and without times, so that the same files give the same image.
tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/layer" .
add_blob "$work/layer"
layer=$digest layer_size=$size
printf '{"architecture":"amd64","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
  "$config" "$layer" >"$work/config"
add_blob "$work/config"
media=application/vnd.oci.image
printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"%s.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
  $media $media "$digest" "$size" $media "$layer" "$layer_size" >"$work/manifest"
add_blob "$work/manifest"
printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"%s"}}]}' \
  $media "$digest" "$size" "$reference" >"$work/index.json"
echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"
tar -C "$work" -cf "$out.part" oci-layout index.json blobs
mv "$out.part" "$out"
