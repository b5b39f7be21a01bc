import { formatAddress, parseAddress, parseSubnet } from '../config/addresses.ts';
import type { Config, Node } from '../config/schema.ts';
import { bridgeName, hardwareAddress, machineId, portName } from './nspawn-names.ts';
import { quoteWord } from './shell-quote.ts';

export interface MachineStart {
  readonly config: Config;
  readonly node: Node;
  /** The lab's own folder. */
  readonly directory: string;
  /** The root file system below the machine's own files. */
  readonly root: string;
  /** Image of the data disk; undefined = none. */
  readonly disk?: string | undefined;
}

/** A cable of a machine. */
export interface Cable {
  /** Its end in the machine, `eth1`. */
  readonly nic: string;
  /** With prefix length. */
  readonly address: string;
  /** Its end on this computer. */
  readonly port: string;
  readonly bridge: string;
  readonly mac: string;
}

/** How `nspawn/machine.sh` is to run the machine, as assignments for bash. */
export function startFile(start: MachineStart): string {
  const { node, directory, root, disk, config } = start;
  const words = {
    ROOT: root,
    NAME: node.name,
    ID: machineId(directory, node.name),
    GATEWAY: firstAddress(config.machines.nspawn.managementSubnet),
    DISK: disk ?? '',
    CABLES: cablesOf(start)
      .map(({ nic, address, mac, port, bridge }) => [nic, address, mac, port, bridge].join(','))
      .join(' '),
  };
  return Object.entries(words)
    .map(([name, value]) => `${name}=${quoteWord(value)}\n`)
    .join('');
}

/** The management network is on eth0, as in other virtual machines, unless the lab network is; there is its way out. */
export function cablesOf({
  config,
  node,
  directory,
}: Pick<MachineStart, 'config' | 'node' | 'directory'>): readonly Cable[] {
  const { network, nspawn } = config.machines;
  const cable = (nic: string, kind: 'lab' | 'management', address: string): Cable => ({
    nic,
    address,
    port: portName(directory, node.name, nic),
    bridge: bridgeName(directory, config.lab.name, kind),
    mac: hardwareAddress(directory, node.name, nic),
  });
  const management = network.interface === 'eth0' ? 'eth1' : 'eth0';
  const lab = parseSubnet(network.subnet);
  return [
    cable(
      management,
      'management',
      `${managementAddress(config, node)}/${parseSubnet(nspawn.managementSubnet).prefix}`,
    ),
    cable(network.interface, 'lab', `${node.address}/${lab.prefix}`),
  ];
}

/** The same number in the management network as in the lab network. */
function managementAddress({ machines }: Config, node: Node): string {
  const number = (parseAddress(node.address) ?? 0) - parseSubnet(machines.network.subnet).first;
  return formatAddress(parseSubnet(machines.nspawn.managementSubnet).first + number);
}

/** This computer's own in a network. */
export function firstAddress(subnet: string): string {
  return formatAddress(parseSubnet(subnet).first + 1);
}
