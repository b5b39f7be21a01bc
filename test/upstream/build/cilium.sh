#!/bin/bash
# cilium.sh FOLDER …: Cilium's programs, with the tags and flags of its own Makefile, and as `source` its module (chart,
# eBPF programs, scripts of the image). The module is the whole repository with a go.mod of its own, so it is built
# where Go's module cache has it. Two modules that it wants are not on the module proxy; -modfile swaps them:
#   gobgp at a commit -> v4.8.0 (BGP is not used here)      mcs-api/controllers -> cilium/mcs-controllers (one constant)
set -euo pipefail
. ./versions.sh
out=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$(cd "$work" && go mod init scratch.invalid/cilium 2>/dev/null &&
  go mod download -json "github.com/cilium/cilium@v$CILIUM" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
install -m 644 "$source/go.mod" "$work/cilium.mod"
install -m 644 "$source/go.sum" "$work/cilium.sum"
go mod edit -require=github.com/osrg/gobgp/v4@v4.8.0 \
  -replace="sigs.k8s.io/mcs-api/controllers=$PWD/cilium/mcs-controllers" "$work/cilium.mod"
envoy=$(sed -nE 's/^ARG CILIUM_ENVOY_IMAGE=[^:]*:(.*-)?([^:@]*)@.*/\2/p' "$source/images/cilium/Dockerfile" | head -n1)

build() { # NAME PACKAGE [TAG]
  go build -C "$source" -modfile="$work/cilium.mod" -mod=mod -tags "osusergo${3:+,$3}" -ldflags "-s -w
    -X github.com/cilium/cilium/pkg/envoy.requiredEnvoyVersionSHA=$envoy
    -X github.com/cilium/cilium/hubble/pkg.Version=v$CILIUM
    -X 'github.com/cilium/cilium/pkg/version.ciliumVersion=$CILIUM v$CILIUM 1970-01-01T00:00:00+00:00'" -o "$out/$1" "$2"
}
build cilium-agent ./daemon
build cilium-operator-generic ./operator ipam_provider_operator
build cilium-cni ./plugins/cilium-cni
build cilium-dbg ./cilium-dbg
build cilium-health ./cilium-health
build cilium-health-responder ./cilium-health/responder
build cilium-mount ./tools/mount
build cilium-sysctlfix ./tools/sysctlfix
build cilium-bugtool ./bugtool
build hubble-relay ./hubble-relay
build hubble ./hubble
mkdir -p "$out/source/install/kubernetes"
cp -r --no-preserve=mode "$source"/bpf "$out/source/"
rm -rf "$out"/source/bpf/{tests,complexity-tests,test-progs}
cp -r --no-preserve=mode "$source/install/kubernetes/cilium" "$out/source/install/kubernetes/"
cp --no-preserve=mode "$source/images/cilium/init-container.sh" "$source"/plugins/cilium-cni/{install-plugin,cni-uninstall}.sh "$out/source/"
