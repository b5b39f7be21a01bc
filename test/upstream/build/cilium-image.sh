# shellcheck shell=bash
# Cilium's images, sourced by images.sh. Files and places as in images/*/Dockerfile of its module.
new_image cilium
cp -al "$base/." "$root"
for program in cilium-{agent,dbg,health,health-responder,bugtool,mount,sysctlfix} hubble; do
  put "$cilium/$program" "/usr/bin/$program"
done
ln -s cilium-dbg "$root/usr/bin/cilium"
put "$cilium/cilium-cni" /opt/cni/bin/cilium-cni
put /usr/lib/cni/loopback /cni/loopback
put "$cilium/source/init-container.sh" /init-container.sh
put "$cilium/source/install-plugin.sh" /install-plugin.sh
put "$cilium/source/cni-uninstall.sh" /cni-uninstall.sh
mkdir -p "$root/var/lib/cilium"
cp -r "$cilium/source/bpf" "$root/var/lib/cilium/bpf"
save "cilium:$CILIUM" '{"Cmd":["/usr/bin/cilium-dbg"],"WorkingDir":"/home/cilium","Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","HUBBLE_SERVER=unix:///var/run/cilium/hubble.sock"]}'

new_image cilium-operator
put "$cilium/cilium-operator-generic" /usr/bin/cilium-operator-generic
certificates
mkdir -p -m 1777 "$root/tmp"
save "cilium-operator:$CILIUM" '{"Env":["PATH=/usr/bin"]}'

new_image hubble-relay
put "$cilium/hubble-relay" /usr/bin/hubble-relay
mkdir -p -m 1777 "$root/tmp"
save "hubble-relay:$CILIUM" '{"Entrypoint":["/usr/bin/hubble-relay"],"Cmd":["serve"],"User":"65532:65532","WorkingDir":"/tmp","Env":["GOPS_CONFIG_DIR=/tmp","PATH=/usr/bin"]}'

# Nobody looks at Hubble's user interface here: a program that only listens.
new_image hubble-ui
put "$kubernetes/probe" /probe
save hubble-ui:1 '{"Entrypoint":["/probe","web"]}'
