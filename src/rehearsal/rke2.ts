import { LabError } from '../engine/errors.ts';
import { joinCluster, registerAgent } from './rke2-join.ts';
import { firstServer, restartServer } from './rke2-server.ts';
import { rke2ConfigOf } from './rke2-config.ts';
import { dataOf, after, fail, type Start } from './rke2-start.ts';
import type { MachineState } from './machine-state.ts';
import type { Rke2Process } from './rke2-process.ts';
import { findUnit } from './units.ts';
import type { World } from './world.ts';

export const RKE2_BINARY = '/usr/local/bin/rke2';
const START_SECONDS = 2;
const IMPORT_SECONDS = 10;
const PULL_SECONDS = 35;
const NOT_READY_SECONDS = 40;
const CIS_SYSCTLS = {
  'vm.panic_on_oom': '0',
  'vm.overcommit_memory': '1',
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
};

/** `rke2 server` or `rke2 agent` starts, as its unit does it: it is `activating` until the node is up. */
export function startRke2(world: World, machine: MachineState, kind: 'server' | 'agent'): void {
  if (machine.rke2?.alive) return;
  const unit = findUnit(machine, `rke2-${kind}`);
  const version = machine.files.read(RKE2_BINARY)?.content;
  if (!unit || version === undefined)
    throw new LabError(`${RKE2_BINARY} is missing on ${machine.name}`, 'npm run lab:up');
  const process: Rke2Process = {
    kind,
    alive: true,
    serving: false,
    cluster: undefined,
    version,
    crash: (line) => fail(start, line),
  };
  machine.rke2 = process;
  unit.active = 'activating';
  unit.sub = 'start';
  unit.startedAt = world.time() + machine.skew;
  const config = rke2ConfigOf(machine, kind);
  const start: Start = { world, machine, process, unit, config, again: () => startRke2(world, machine, kind) };
  for (const hook of world.onRke2Start) hook(machine, process);
  after(start, imageSeconds(start), () => begin(start));
}

/** RKE2 imports the images that it finds, or pulls them, when it starts for the first time with this version. */
function imageSeconds({ machine, process }: Start): number {
  const done = `/var/lib/rancher/rke2/agent/containerd/images-of-${process.version}`;
  if (machine.files.kind(done) === 'file') return START_SECONDS;
  machine.files.write(done, { content: '' });
  return machine.files.under('/var/lib/rancher/rke2/agent/images').length > 0 ? IMPORT_SECONDS : PULL_SECONDS;
}

function begin(start: Start): void {
  const { machine, config, process } = start;
  const address = config.nodeIp;
  if (address !== undefined && !machine.links.some((link) => link.address === address))
    return fail(start, `level=fatal msg="node-ip ${address} is on no interface of this machine"`);
  const taken = process.kind === 'server' ? [6443, 9345].find((port) => machine.listeners.has(port)) : undefined;
  if (taken !== undefined) return fail(start, `level=fatal msg="listen tcp :${taken}: bind: address already in use"`);
  const kernel = kernelTrouble(start);
  if (kernel !== undefined) return fail(start, `level=fatal msg="${kernel}"`);
  if (process.kind === 'agent')
    return config.server === undefined ? fail(start, 'level=fatal msg="--server is required"') : registerAgent(start);
  if (dataOf(machine)) return restartServer(start);
  return config.server === undefined ? firstServer(start) : joinCluster(start);
}

/** What `profile: cis` refuses: https://docs.rke2.io/security/hardening_guide */
function kernelTrouble({ machine, config, process }: Start): string | undefined {
  if (config.profile === undefined) return undefined;
  if (config.profile !== 'cis') return `invalid value provided for --profile flag: ${config.profile}`;
  if (process.kind === 'server' && !machine.users.has('etcd')) return 'missing required: user: unknown user etcd';
  const wrong = Object.entries(CIS_SYSCTLS).find(([key, value]) => machine.sysctls.get(key) !== value);
  return wrong && `invalid kernel parameter value ${wrong[0]}=${machine.sysctls.get(wrong[0])} - expected ${wrong[1]}`;
}

/** RKE2 ends, orderly or not. Its node is missed after a while. */
export function stopRke2(world: World, machine: MachineState): void {
  const process = machine.rke2;
  if (!process) return;
  process.alive = false;
  process.serving = false;
  machine.rke2 = undefined;
  const unit = findUnit(machine, `rke2-${process.kind}`);
  if (unit) {
    unit.active = 'inactive';
    unit.sub = 'dead';
  }
  world.apiChanged();
  world.clock.at(world.clock.now() + NOT_READY_SECONDS, () => missNode(world, machine, process.cluster));
}

function missNode(world: World, { name }: MachineState, id: string | undefined): void {
  const cluster = id === undefined ? undefined : world.clusters.get(id);
  const node = cluster?.store.get({ apiVersion: 'v1', kind: 'Node', name });
  if (!cluster || !node || world.machines.get(name)?.rke2?.alive) return;
  const condition = {
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  };
  cluster.store.put({ ...node, status: { ...node['status'], conditions: [condition] } });
}
