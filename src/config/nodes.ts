import { formatAddress, parseSubnet } from './addresses.ts';
import type { Path } from './finding.ts';
import { builtInSizes, type Node, type Settings } from './schema.ts';

type Sizes = Settings['machines']['sizes'];
type Size = Sizes[string];
type MachineSize = Size['servers'];

/** All keys that say which machines there are: what rests on the nodes rests on these. */
export const machineKeys: readonly Path[] = [
  ['machines', 'hosts'],
  ['machines', 'size'],
  ['machines', 'sizes'],
  ['machines', 'provider'],
];

/** And those that give them their names and addresses. */
export const nodeKeys: readonly Path[] = [...machineKeys, ['machines', 'network'], ['lab', 'name']];

export function sizesOf(settings: Settings): Sizes {
  return { ...builtInSizes, ...settings.machines.sizes };
}

/**
 * The machines that the lab wants, servers first. undefined where `machines.size` names no size.
 * Whether memory and disk are enough for them is known on the operator's computer only: the phase check-host asks it.
 */
export function nodesOf(settings: Settings): Node[] | undefined {
  if (settings.machines.provider === 'hosts') return hostNodes(settings);
  const size = Object.entries(sizesOf(settings)).find(([name]) => name === settings.machines.size)?.[1];
  if (size === undefined) return undefined;
  const { firstServer, firstAgent } = settings.machines.network;
  return [
    ...virtualNodes(settings, { role: 'server', size: size.servers, first: firstServer }),
    ...virtualNodes(settings, { role: 'agent', size: size.agents, first: firstAgent }),
  ];
}

/** MB of all machines together. */
export function memorySum(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.memory, 0);
}

/** GB of all data disks together. */
export function dataDiskSum(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.dataDisk, 0);
}

interface Group {
  readonly role: Node['role'];
  readonly size: MachineSize;
  /** Last part of the first one's address. */
  readonly first: number;
}

function virtualNodes(settings: Settings, { role, size, first }: Group): Node[] {
  const base = parseSubnet(settings.machines.network.subnet).first;
  return Array.from({ length: size.count }, (_, index) => ({
    name: `${settings.lab.name}-${role === 'server' ? 's' : 'a'}${index + 1}`,
    role,
    address: formatAddress(base + first + index),
    port: 22,
    user: 'vagrant',
    cpus: size.cpus,
    memory: size.memory,
    dataDisk: size.dataDisk,
  }));
}

function hostNodes(settings: Settings): Node[] {
  const nodes = settings.machines.hosts.map((host) => ({ ...host, cpus: 0, memory: 0, dataDisk: 0 }));
  return [...nodes.filter((node) => node.role === 'server'), ...nodes.filter((node) => node.role === 'agent')];
}
