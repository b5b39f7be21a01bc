#!/bin/bash
# rke2.sh FOLDER …: the program rke2 of the stand-in.
set -euo pipefail
. ./versions.sh
go build -C .. -trimpath -ldflags "-s -w -X main.version=$RKE2" -o "$1/rke2" ./rke2
