import { formatAddress, parseSubnet } from '../config/addresses.ts';
import type { Config } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { networkName } from './libvirt-names.ts';
import { networkXml, type NewNetwork } from './libvirt-xml.ts';
import type { Virsh } from './virsh.ts';

/**
 * The lab network and the management network, made by us and not by Vagrant: so they carry the lab's mark, are made once
 * and not by each machine at the same time, and a management network that others use stays theirs.
 */
export async function ensureNetworks(virsh: Virsh, config: Config, signal?: AbortSignal): Promise<void> {
  const all = await virsh.networks('all');
  for (const network of wantedNetworks(config)) {
    if (all.has(network.name)) continue;
    await virsh.defineNetwork(networkXml(network), signal);
    await virsh.run(['net-autostart', network.name], signal);
  }
  await refuseForeign(virsh, config);
  const active = await virsh.networks('active');
  for (const { name } of wantedNetworks(config)) {
    if (!active.has(name)) await virsh.run(['net-start', name], signal);
  }
}

/** Names of the networks with the lab's mark; the management network only while no machine of others is plugged in. */
export async function ownNetworks(virsh: Virsh, config: Config): Promise<readonly string[]> {
  const networks = await Promise.all(wantedNetworks(config).map(({ name }) => virsh.network(name)));
  const own = networks.filter((network) => network?.lab === config.lab.name);
  const ownMachines = await runningMachines(virsh, config.lab.name);
  return own.flatMap((network) => (network && network.connections <= ownMachines ? [network.name] : []));
}

export async function removeNetwork(virsh: Virsh, name: string, signal?: AbortSignal): Promise<void> {
  if ((await virsh.networks('active')).has(name)) await virsh.run(['net-destroy', name], signal);
  await virsh.run(['net-undefine', name], signal);
}

function wantedNetworks({ lab, machines }: Config): readonly NewNetwork[] {
  const lan = parseSubnet(machines.network.subnet);
  const { name, subnet } = machines.libvirt.managementNetwork;
  const management = parseSubnet(subnet);
  return [
    {
      ...{ name, lab: lab.name, forward: 'nat' },
      address: formatAddress(management.first + 1),
      netmask: netmask(management.prefix),
      leases: { first: formatAddress(management.first + 2), last: formatAddress(management.last - 1) },
    },
    {
      ...{ name: networkName(lab.name), lab: lab.name, forward: 'none' },
      address: formatAddress(lan.first + 1),
      netmask: netmask(lan.prefix),
    },
  ];
}

function netmask(prefix: number): string {
  return formatAddress(2 ** 32 - 2 ** (32 - prefix));
}

async function refuseForeign(virsh: Virsh, { lab }: Config): Promise<void> {
  const name = networkName(lab.name);
  const network = await virsh.network(name);
  if (network?.lab === lab.name) return;
  throw new LabError(
    `the libvirt network ${name} exists already and was not made by this lab (HOST_ORPHAN_DOMAIN)`,
    `choose another lab.name in config.yaml; or, if it is a left-over of yours: virsh net-destroy ${name}; virsh net-undefine ${name}`,
  );
}

async function runningMachines(virsh: Virsh, lab: string): Promise<number> {
  const domains = await Promise.all([...(await virsh.domains('running'))].map((name) => virsh.domain(name)));
  return domains.filter((domain) => domain?.lab === lab).length;
}
