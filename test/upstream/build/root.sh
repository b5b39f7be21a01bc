#!/bin/bash
# root.sh FOLDER …: the root of Cilium's image, in place of the upstream runtime image: this computer's own programs
# that the agent, the CNI's install scripts and SPIRE's call, with the libraries that they are linked with.
set -euo pipefail
root=$1

# From /lib or /bin, which are links, to /usr: one place for each file.
copy() { # FILE [PLACE]
  local place=${2:-$1}
  [[ $place == /usr/* ]] || place=/usr$place
  [ -e "$root$place" ] || install -D -m 755 "$(readlink -f "$1")" "$root$place"
}
with_libraries() { # FILE [PLACE]
  copy "$@"
  { ldd "$1" 2>/dev/null || true; } | sed -nE 's/(.* => |\t)(\/[^ ]*) \(.*/\2/p' | while read -r library; do
    # An own folder beside the program, as LLVM has it, is written by its real name.
    copy "$(readlink -f "$(dirname "$library")")/$(basename "$library")"
  done
}

mkdir -p "$root"/{usr/{bin,sbin,lib,lib64},etc,home/cilium,var/lib,run,proc,sys,dev}
mkdir -m 1777 "$root/tmp"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
printf 'root:x:0:0:root:/root:/bin/bash\n' >"$root/etc/passwd"
printf 'root:x:0:\n' >"$root/etc/group"

for name in bash basename cat chmod chown cp cut date dirname env find grep head hostname id ip ipset kill ln ls mkdir \
  mount mv nsenter pgrep ps readlink rm rmdir sed sleep sort stat sync tail timeout touch tr true umount uname xargs \
  bpftool awk; do
  with_libraries "$(type -P "$name")" "/usr/bin/$name"
done
ln -s bash "$root/usr/bin/sh"
with_libraries /usr/sbin/xtables-legacy-multi
for name in iptables ip6tables; do
  for form in '' -save -restore; do ln -s xtables-legacy-multi "$root/usr/sbin/$name$form"; done
done
for plugin in /usr/lib/x86_64-linux-gnu/xtables/lib{xt,ipt,ip6t}_*.so; do with_libraries "$plugin"; done
with_libraries /usr/lib/llvm-19/bin/clang
ln -s ../lib/llvm-19/bin/clang "$root/usr/bin/clang"
echo /usr/lib/llvm-19/lib >"$root/etc/ld.so.conf"
ldconfig -r "$root"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
chroot "$root" bash -c 'for name in ip iptables ipset bpftool clang nsenter find; do "$name" --version >/dev/null 2>&1 || "$name" -V >/dev/null 2>&1 || { echo "$name does not run" >&2; exit 1; }; done'
