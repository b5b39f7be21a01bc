import { parseConfig } from '../../src/config/load.ts';
import type { KubeObject } from '../../src/lab.ts';
import { powerOn } from '../../src/rehearsal/boot.ts';
import type { Cluster } from '../../src/rehearsal/cluster.ts';
import type { MachineState } from '../../src/rehearsal/machine-state.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/open.ts';
import { RKE2_BINARY, startRke2 } from '../../src/rehearsal/rke2.ts';
import { FOUR_MACHINES } from '../harness.ts';

export const MANIFESTS = '/var/lib/rancher/rke2/server/manifests';
const TOKEN = 'the token of the lab';
const CILIUM_CONFIG = {
  apiVersion: 'helm.cattle.io/v1',
  kind: 'HelmChartConfig',
  namespace: 'kube-system',
  name: 'rke2-cilium',
} as const;

/** A HelmChartConfig with which Cilium works without kube-proxy. */
export function ciliumConfig(values = 'hubble: { enabled: false }'): string {
  return `apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata: { name: rke2-cilium, namespace: kube-system }
spec:
  failurePolicy: abort
  valuesContent: |
    kubeProxyReplacement: true
    k8sServiceHost: localhost
    k8sServicePort: 6443
    ${values}
`;
}

export function openFour(): Rehearsal {
  return openRehearsal({ config: parseConfig(FOUR_MACHINES, '/home/operator/rke2-lab/config.yaml') });
}

/** A machine that is up and has RKE2's program; its units never started. */
export function machineWithRke2({ world }: Rehearsal, name: string): MachineState {
  const machine = world.create(name);
  powerOn(world, machine);
  machine.ready = true;
  machine.booted = true;
  machine.files.write(RKE2_BINARY, { content: world.config.rke2.version, mode: 0o755 });
  for (const kind of ['server', 'agent'])
    machine.files.write(`/usr/local/lib/systemd/system/rke2-${kind}.service`, { content: '[Service]\n' });
  return machine;
}

/** Writes config.yaml; `join` is the address of the server to join. */
export function configure(
  machine: MachineState,
  { join, token = TOKEN }: { join?: string; token?: string } = {},
): void {
  const server = join === undefined ? '' : `server: https://${join}:9345\n`;
  const common = `${server}token: ${token}\nnode-name: ${machine.name}\nnode-ip: ${machine.node.address}\n`;
  const content = machine.node.role === 'server' ? `${common}cni: cilium\ndisable-kube-proxy: true\n` : common;
  machine.files.write('/etc/rancher/rke2/config.yaml', { content, mode: 0o600 });
}

export function start({ world }: Rehearsal, machine: MachineState): void {
  startRke2(world, machine, machine.node.role);
}

/** The first server, started and waited for, with Cilium configured. */
export async function firstServer(rehearsal: Rehearsal): Promise<MachineState> {
  const machine = machineWithRke2(rehearsal, 'dev-s1');
  configure(machine);
  machine.files.write(`${MANIFESTS}/rke2-cilium-config.yaml`, { content: ciliumConfig() });
  start(rehearsal, machine);
  await rehearsal.clock.wait(120);
  return machine;
}

export function onlyCluster({ world }: Rehearsal): Cluster {
  const [cluster, ...more] = world.clusters.values();
  if (!cluster || more.length > 0) throw new Error(`there are ${world.clusters.size} clusters`);
  return cluster;
}

export function valuesOf(cluster: Cluster): string | undefined {
  return cluster.store.get(CILIUM_CONFIG)?.['spec'].valuesContent;
}

/** Writes other values through the API, as kubectl or Argo CD do. */
export function patchValues(cluster: Cluster, valuesContent: string): void {
  const old = cluster.store.get(CILIUM_CONFIG);
  if (!old) throw new Error('there is no HelmChartConfig');
  cluster.store.put({ ...old, spec: { ...old['spec'], valuesContent } });
}

export function isNodeReady(cluster: Cluster, name: string): boolean {
  const node: KubeObject | undefined = cluster.store.get({ apiVersion: 'v1', kind: 'Node', name });
  return node?.['status'].conditions[0].status === 'True';
}

export function journalOf({ journal }: MachineState, unit: string): string {
  return (journal.get(unit) ?? []).join('\n');
}
