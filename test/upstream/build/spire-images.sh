# shellcheck shell=bash
# SPIRE's images, sourced by images.sh. spire-init is in place of the chart's busybox: its scripts want a sh that
# knows `&>`, pgrep, and one form of nc.
version=$(sed -nE 's#.*github.com/spiffe/spire v([^ ]*).*#\1#p' spire/go.mod)
for part in server agent; do
  new_image "spire-$part"
  put "$spire/spire-$part" "/opt/spire/bin/spire-$part"
  certificates
  mkdir -p "$root/run/spire/data"
  mkdir -p -m 1777 "$root/tmp"
  save "spire-$part:$version" "{\"Entrypoint\":[\"/opt/spire/bin/spire-$part\",\"run\"],\"WorkingDir\":\"/opt/spire\"}"
done

new_image spire-init
cp -al "$base/." "$root"
rm -rf "$root"/usr/lib/llvm-19 "$root"/usr/bin/clang "$root"/usr/lib/x86_64-linux-gnu/lib{LLVM,clang,icu,z3}*
ldconfig -r "$root" # a new file: the one that is linked belongs to the other image
cat >"$root/usr/bin/nc" <<'NC'
#!/bin/bash
# nc -z HOST:PORT -w SECONDS
IFS=: read -r host port <<<"$2"
exec timeout "$4" bash -c "exec 3<>/dev/tcp/$host/$port"
NC
chmod 755 "$root/usr/bin/nc"
save spire-init:1 '{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]}'
