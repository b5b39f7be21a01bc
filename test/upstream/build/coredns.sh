#!/bin/bash
# coredns.sh FOLDER …: CoreDNS with the plug-ins that a cluster needs.
set -euo pipefail
. ./versions.sh
go build -C coredns -trimpath -ldflags '-s -w' -o "$1/coredns" .
