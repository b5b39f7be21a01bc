#!/bin/bash
# kubernetes.sh FOLDER …: etcd, Kubernetes, helm-controller (one program, hyperkube), helm, and what their images need.
set -euo pipefail
. ./versions.sh
out=$1
version_of() { go list -C .. -m -f '{{.Version}}' "$1"; }

# build NAME PACKAGE [VARIABLE=VALUE...]: the variables are set by the linker
build() {
  local name=$1 package=$2 flags='-s -w' set; shift 2
  for set in "$@"; do flags+=" -X $set"; done
  go build -C .. -trimpath -ldflags "$flags" -o "$out/$name" "$package"
}

IFS=. read -r major minor _ <<<"${RKE2#v}"
settings=()
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  settings+=("$package.gitVersion=$RKE2" "$package.gitMajor=$major" "$package.gitMinor=$minor" "$package.gitTreeState=clean")
done
build hyperkube ./build/programs/hyperkube "${settings[@]}" \
  "github.com/k3s-io/helm-controller/pkg/version.Version=$(version_of github.com/k3s-io/helm-controller)"
build helm helm.sh/helm/v3/cmd/helm "helm.sh/helm/v3/internal/version.version=$(version_of helm.sh/helm/v3)"
build helm-set-status ./build/programs/helm-set-status
build etcdctl go.etcd.io/etcd/etcdctl/v3
build pause ./build/programs/pause
build probe ./build/programs/probe
