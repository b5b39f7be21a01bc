import { createHash } from 'node:crypto';
import type { Cluster } from './cluster.ts';
import type { MachineState } from './machine-state.ts';
import type { Rke2Config } from './rke2-config.ts';
import type { Rke2Process } from './rke2-process.ts';
import { log, type UnitState } from './units.ts';
import type { World } from './world.ts';

/** Of the unit: `RestartSec=5s`, `Restart=always`. */
const RESTART_SECONDS = 5;
const SERVER_DATA = '/var/lib/rancher/rke2/server';
/** Stands for etcd's data: its content is the id of the cluster. */
const DATA_FILE = `${SERVER_DATA}/db/etcd/member/cluster`;

/** One try of RKE2 to come up. */
export interface Start {
  readonly world: World;
  readonly machine: MachineState;
  readonly process: Rke2Process;
  readonly unit: UnitState;
  readonly config: Rke2Config;
  again(): void;
}

/** Something that the process does later, if it still lives. */
export function after({ world, process }: Start, seconds: number, act: () => void): void {
  world.clock.at(world.clock.now() + seconds, () => {
    if (process.alive) act();
  });
}

/** The process ends with a last line; systemd starts it again. */
export function fail(start: Start, line: string): void {
  const { world, machine, process, unit } = start;
  log(machine, `rke2-${process.kind}`, line);
  process.alive = false;
  process.serving = false;
  unit.active = 'activating';
  unit.sub = 'auto-restart';
  world.apiChanged();
  world.clock.at(world.clock.now() + RESTART_SECONDS, () => {
    if (machine.rke2 === process && unit.sub === 'auto-restart') start.again();
  });
}

/** The unit has told systemd that it is up. */
export function isUp({ machine, process, unit }: Start): void {
  unit.active = 'active';
  unit.sub = 'running';
  log(machine, `rke2-${process.kind}`, `level=info msg="rke2 is up and running"`);
}

/** Id of the cluster whose etcd data is on the machine. */
export function dataOf({ files }: MachineState): string | undefined {
  return files.read(DATA_FILE)?.content;
}

/** etcd gets its name before it is a member of anything. */
export function nameEtcd({ machine }: Start): void {
  machine.files.write(`${SERVER_DATA}/db/etcd/name`, { content: `${machine.name}-0a1b2c3d`, mode: 0o600 });
}

/** From now on the machine holds data of that cluster. */
export function holdData({ machine, process }: Start, cluster: Cluster): void {
  process.cluster = cluster.id;
  machine.files.write(DATA_FILE, { content: cluster.id, mode: 0o600 });
}

/** What a server leaves on its disk once it is part of a cluster. */
export function writeServerFiles({ machine }: Start, cluster: Cluster): void {
  const secret = { mode: 0o600 };
  machine.files.write(`${SERVER_DATA}/token`, { content: `${fullToken(cluster)}\n`, ...secret });
  machine.files.link(`${SERVER_DATA}/token`, `${SERVER_DATA}/node-token`);
  machine.files.write('/etc/rancher/rke2/rke2.yaml', { content: kubeconfig(cluster), ...secret });
}

function fullToken({ ca, secret }: Cluster): string {
  return `K10${createHash('sha256').update(ca).digest('hex')}::server:${secret}`;
}

/** True where the token opens the cluster; the CA's digest in the long form must be right too. */
export function opens(cluster: Cluster, token: string | undefined): boolean {
  return token === cluster.secret || token === fullToken(cluster);
}

function kubeconfig({ ca }: Cluster): string {
  return [
    ...['apiVersion: v1', 'clusters:', '- cluster:', `    certificate-authority-data: ${ca}`],
    ...['    server: https://127.0.0.1:6443', '  name: default', 'contexts:', '- context:', '    cluster: default'],
    ...[
      '    user: default',
      '  name: default',
      'current-context: default',
      'kind: Config',
      'users:',
      '- name: default',
    ],
    ...['  user:', `    client-certificate-data: ${ca}`, `    client-key-data: ${ca}`, ''],
  ].join('\n');
}
