#!/bin/bash
# chart.sh FOLDER GO.MOD GO.SUM PACKAGE-CHART VALUES CILIUM: the real Cilium chart under RKE2's name, with our base values.
set -euo pipefail
. ./versions.sh
out=$1 values=$5 cilium=$6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
spire=$(sed -nE 's#.*github.com/spiffe/spire v([^ ]*).*#\1#p' spire/go.mod)
sed -e "s#IMAGES#$IMAGES#; s#CILIUM'#$CILIUM'#; s#SPIRE'#$spire'#" "$values" >"$work/values.yaml"
go build -C .. -trimpath -o "$work/package-chart" ./build/programs/package-chart
"$work/package-chart" "$cilium/source/install/kubernetes/cilium" rke2-cilium "$CILIUM_CHART" "$work/values.yaml" "$out"
