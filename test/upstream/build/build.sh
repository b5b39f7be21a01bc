#!/bin/bash
# build.sh [PART]: builds the upstream programs, packs their images, and makes of them the release of our stand-in
# RKE2. Prints the folder of the last part (default: release). Each part lies in the cache under a hash of all that
# went into it, so what has not changed takes no time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/rke2-lab/upstream
wanted=${1:-release}
mkdir -p "$cache"
cd "$here"
exec {lock}>"$cache/lock"
flock "$lock" # a second build waits, and then finds all done

# A file or folder by its content; another part by its name, which has its hash in it.
digest_of() {
  local input
  for input in "$@"; do
    case $input in
    "$cache"/*) basename "$input" ;;
    *) find "$input" -type f | LC_ALL=C sort | xargs sha256sum ;;
    esac
  done | sha256sum | cut -c1-12
}

# part NAME INPUT...: sets NAME to the folder that NAME.sh fills; that is called with the folder and the inputs
part() {
  local name=$1 folder began=$SECONDS; shift
  folder=$cache/$name-$(digest_of versions.sh "$name.sh" "$@")
  if [ ! -d "$folder" ]; then
    echo "building $name" >&2
    mkdir -p "$folder.part"
    "./$name.sh" "$folder.part" "$@" >&2
    mv "$folder.part" "$folder"
    echo "built $name in $((SECONDS - began)) s: $(du -sh "$folder" | cut -f1)" >&2
  fi
  declare -g "$name=$folder"
  if [ "$name" = "$wanted" ]; then
    echo "$folder"
    exit
  fi
}

part cilium cilium
part kubernetes ../go.mod ../go.sum programs/{hyperkube,helm-set-status,pause,probe}
part coredns coredns
part spire spire
part root
part images oci-image.sh cilium-image.sh spire-images.sh helm-entry "$kubernetes" "$cilium" "$coredns" "$spire" "$root" spire/go.mod
part chart ../go.mod ../go.sum programs/package-chart values.yaml "$cilium" spire/go.mod
part rke2 ../go.mod ../go.sum ../rke2
part release ../release manifests "$kubernetes" "$images" "$chart" "$rke2"
echo "there is no part $wanted" >&2
exit 2
