#!/bin/bash
# spire.sh FOLDER …: spire-server and spire-agent, static; SQLite in them wants a C compiler.
set -euo pipefail
. ./versions.sh
# netgo and osusergo: no resolver and no user database of libc; omit_load_extension: no dlopen.
CGO_ENABLED=1 go build -C spire -trimpath -tags netgo,osusergo,sqlite_omit_load_extension \
  -ldflags '-s -w -linkmode external -extldflags -static' -o "$1/" \
  github.com/spiffe/spire/cmd/spire-server github.com/spiffe/spire/cmd/spire-agent
