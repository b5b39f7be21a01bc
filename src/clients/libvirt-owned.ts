import type { Config } from '../config/schema.ts';
import type { Owned } from '../lab.ts';
import { machineName, machineOfVolume } from './libvirt-names.ts';
import { ownNetworks, removeNetwork } from './libvirt-networks.ts';
import type { LibvirtTools } from './libvirt-tools.ts';
import type { Domain } from './libvirt-xml.ts';
import type { Virsh, Volume } from './virsh.ts';

/** Everything of the lab in libvirt, also what an older config.yaml asked for. */
export async function listOwned(config: Config, { virsh }: LibvirtTools): Promise<readonly Owned[]> {
  const domains = await allDomains(virsh);
  const volumes = await ownVolumes(virsh, config, domains);
  return [
    ...ownDomains(config, domains).map(({ name }) => ({ kind: 'machine' as const, name: machineName(name) })),
    ...volumes.map(({ name }) => ({ kind: 'volume' as const, name })),
    ...(await ownNetworks(virsh, config)).map((name) => ({ kind: 'network' as const, name })),
  ];
}

interface Removal {
  readonly config: Config;
  readonly tools: LibvirtTools;
  readonly wanted: readonly Owned[];
  readonly signal?: AbortSignal | undefined;
}

/** Removes what is wanted and the lab's own: looked up anew, so that nothing without the mark goes. A machine's disks go with it. */
export async function removeOwned({ config, tools, wanted, signal }: Removal): Promise<void> {
  const { virsh } = tools;
  const names = (kind: Owned['kind']) => new Set(wanted.filter((thing) => thing.kind === kind).map(({ name }) => name));
  const machines = names('machine');
  const domains = await allDomains(virsh);
  const going = ownDomains(config, domains).filter(({ name }) => machines.has(machineName(name)));
  const known = await knownToVagrant(config, tools, going);
  if (known.length > 0) await tools.vagrant.destroy(known, signal);
  for (const domain of going) await removeDomain(tools, domain, signal);
  const volumes = names('volume');
  for (const volume of await ownVolumes(virsh, config, await allDomains(virsh)))
    if (volumes.has(volume.name) || machines.has(machineOfVolume(volume.name, config.lab.name) ?? ''))
      await removeVolume(virsh, volume, signal);
  const networks = names('network');
  for (const name of await ownNetworks(virsh, config)) if (networks.has(name)) await removeNetwork(virsh, name, signal);
}

/** Ends and undefines a domain that may be gone by now; its disks stay. Vagrant forgets it. */
export async function removeDomain(
  { virsh, folder }: LibvirtTools,
  { name }: Domain,
  signal?: AbortSignal,
): Promise<void> {
  if ((await virsh.domains('active')).has(name)) await virsh.run(['destroy', name], signal);
  if ((await virsh.domains('all')).has(name))
    await virsh.run(['undefine', name, '--managed-save', '--snapshots-metadata', '--nvram'], signal);
  await folder.forget(machineName(name));
}

export async function removeVolume(virsh: Virsh, { path }: Volume, signal?: AbortSignal): Promise<void> {
  await virsh.run(['vol-delete', path], signal);
}

export async function allDomains(virsh: Virsh): Promise<readonly Domain[]> {
  const domains = await Promise.all([...(await virsh.domains('all'))].map((name) => virsh.domain(name)));
  return domains.filter((domain) => domain !== undefined);
}

/** Disks with the lab's names in its pool, but none that a domain of others uses. */
export async function ownVolumes(
  virsh: Virsh,
  { lab, machines }: Config,
  domains: readonly Domain[],
): Promise<readonly Volume[]> {
  const foreign = new Set(domains.filter((domain) => domain.lab !== lab.name).flatMap(({ disks }) => disks));
  const volumes = await virsh.volumes(machines.libvirt.pool);
  return volumes.filter(({ name, path }) => machineOfVolume(name, lab.name) !== undefined && !foreign.has(path));
}

function ownDomains({ lab }: Config, domains: readonly Domain[]): readonly Domain[] {
  return domains.filter((domain) => domain.lab === lab.name);
}

/** Those that Vagrant knows by the same UUID: it removes them itself, so that its own books stay right. */
async function knownToVagrant(
  config: Config,
  { folder }: LibvirtTools,
  domains: readonly Domain[],
): Promise<readonly string[]> {
  const known: string[] = [];
  for (const { name, uuid } of domains) {
    const machine = machineName(name);
    if (config.nodes.some((node) => node.name === machine) && (await folder.uuid(machine)) === uuid)
      known.push(machine);
  }
  return known;
}
