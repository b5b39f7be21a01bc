import { LabError } from '../engine/errors.ts';
import type { Aspect } from './aspect.ts';
import { jsonOutput, type JsonProgram } from './json-output.ts';

const ADDRESSES: JsonProgram = { argv: ['ip', '-j', '-4', 'addr', 'show'], from: 'iproute2' };

export interface AddressWanted {
  readonly address: string;
  /** Where config.yaml says that the address is; undefined = any. */
  readonly interface?: string;
  /** Interfaces that Cilium is to attach to. */
  readonly devices: readonly string[];
}

interface Link {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string }[];
}

/** NODE_WRONG_INTERFACE: the node's address must be there, on an interface that Cilium sees. https://github.com/rancher/rke2/issues/1263 */
export const address: Aspect<AddressWanted> = async (machine, want) => {
  const links: readonly Link[] = await jsonOutput(machine, ADDRESSES);
  const holder = links.find(({ addr_info }) => addr_info.some(({ local }) => local === want.address))?.ifname;
  const found = links
    .flatMap(({ ifname, addr_info }) => addr_info.map(({ local }) => `${local} on ${ifname}`))
    .join(', ');
  if (!holder)
    throw new LabError(
      `${machine.name} does not have its address ${want.address}; it has ${found}`,
      'correct the address in config.yaml, or give the machine that address',
    );
  if (want.interface && holder !== want.interface)
    throw new LabError(
      `${machine.name} has ${want.address} on ${holder}, config.yaml says ${want.interface}`,
      `set machines.network.interface: ${holder} in config.yaml (and features.cilium.devices)`,
    );
  const unknown = want.devices.filter((device) => !links.some(({ ifname }) => ifname === device));
  if (unknown.length > 0)
    throw new LabError(
      `${machine.name} has no interface ${unknown.join(', ')}, which features.cilium.devices names; it has ${found}`,
      `set features.cilium.devices: [${links
        .map(({ ifname }) => ifname)
        .filter((name) => name !== 'lo')
        .join(', ')}] in config.yaml`,
    );
  if (!want.devices.includes(holder))
    throw new LabError(
      `${machine.name} has ${want.address} on ${holder}, which Cilium would not attach to`,
      `add ${holder} to features.cilium.devices in config.yaml`,
    );
  return [];
};
