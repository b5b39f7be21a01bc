import type { Node } from '../config/schema.ts';
import { RKE2_CONFIG_FILE } from '../kube/rke2-config.ts';
import type { Computer, Machine } from '../lab.ts';

const BINARY = '/usr/local/bin/rke2';
const KUBECONFIG = '/etc/rancher/rke2/rke2.yaml';
/** Made when a node registers for the first time; a node of the same name without it is refused by the cluster. */
const NODE_PASSWORD = '/etc/rancher/node/password';
const ETCD = '/var/lib/rancher/rke2/server/db';

/** RKE2 as it is on a machine now. Times in seconds of the machine's clock since 1970. */
export interface Rke2State {
  /** Of the program on disk; undefined = not installed. */
  readonly version?: string;
  readonly config?: string;
  /** RKE2's own kubeconfig: a secret. */
  readonly kubeconfig?: string;
  /** A server that is a member of an etcd cluster. */
  readonly holdsCluster: boolean;
  /** A node that has registered with a cluster. */
  readonly registered: boolean;
  readonly unit: UnitState;
  /** Program and configuration changed after the running process had started. */
  readonly outdated: boolean;
}

export interface UnitState {
  readonly enabled: boolean;
  /** systemd's words: active, activating, inactive, failed … */
  readonly active: string;
  readonly sub: string;
}

/** `rke2-server` or `rke2-agent`. */
export function unitOf(node: Pick<Node, 'role'>): string {
  return `rke2-${node.role}`;
}

/** True for a server that has been part of a cluster. */
export async function holdsCluster(machine: Computer): Promise<boolean> {
  return (await machine.look(['test', '-d', ETCD])).code === 0;
}

/** Everything at the same moment: one round trip. */
export async function rke2State(machine: Machine, node: Pick<Node, 'role'>): Promise<Rke2State> {
  const [version, config, kubeconfig, member, password, unit, changed] = await Promise.all([
    machine.look([BINARY, '--version']),
    machine.readFile(RKE2_CONFIG_FILE),
    machine.readFile(KUBECONFIG),
    holdsCluster(machine),
    machine.look(['test', '-e', NODE_PASSWORD]),
    machine.look([...SHOW, unitOf(node)]),
    machine.look(['stat', '-c', '%Z', BINARY, RKE2_CONFIG_FILE]),
  ]);
  const properties = propertiesOf(unit.stdout);
  const startedAt = Number(properties.get('ExecMainStartTimestamp')?.replace('@', '') || Number.POSITIVE_INFINITY);
  const changedAt = Math.max(0, ...changed.stdout.trim().split('\n').map(Number));
  const installed = version.code === 0 ? /^rke2 version (\S+)/.exec(version.stdout)?.[1] : undefined;
  return {
    ...(installed ? { version: installed } : {}),
    ...(config ? { config: config.content } : {}),
    ...(kubeconfig ? { kubeconfig: kubeconfig.content } : {}),
    holdsCluster: member,
    registered: password.code === 0,
    unit: {
      enabled: properties.get('UnitFileState') === 'enabled',
      active: properties.get('ActiveState') ?? 'unknown',
      sub: properties.get('SubState') ?? 'unknown',
    },
    outdated: changedAt > startedAt,
  };
}

const SHOW = [
  'systemctl',
  'show',
  '--timestamp=unix',
  '-p',
  'LoadState,ActiveState,SubState,UnitFileState,ExecMainStartTimestamp',
];

function propertiesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
