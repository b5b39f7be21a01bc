import { parseAddress } from './addresses.ts';
import type { Path } from './finding.ts';
import type { Config } from './schema.ts';

/** A machine's name and address, and the keys of config.yaml that gave them. */
export interface NodePlace {
  readonly name: string;
  readonly namePath: Path;
  readonly address: number;
  readonly addressPath: Path;
}

/** One for each node: hosts in the order of the file, others in the order of joining. */
export function nodePlaces(config: Config): NodePlace[] {
  if (config.machines.provider === 'hosts') {
    return config.machines.hosts.map((host, index) => ({
      name: host.name,
      namePath: ['machines', 'hosts', index, 'name'],
      address: numberOf(host.address),
      addressPath: ['machines', 'hosts', index, 'address'],
    }));
  }
  return config.nodes.map((node) => ({
    name: node.name,
    namePath: ['lab', 'name'],
    address: numberOf(node.address),
    addressPath: ['machines', 'network', node.role === 'server' ? 'firstServer' : 'firstAgent'],
  }));
}

function numberOf(text: string): number {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`not an IPv4 address: ${text}`);
  return address;
}
