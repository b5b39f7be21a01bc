import type { Config, Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { domainName, machineOfVolume } from './libvirt-names.ts';
import { ensureNetworks } from './libvirt-networks.ts';
import { allDomains, ownVolumes, removeDomain, removeVolume } from './libvirt-owned.ts';
import type { LibvirtTools } from './libvirt-tools.ts';
import { markReady } from './libvirt-xml.ts';

interface Bringing {
  readonly config: Config;
  readonly tools: LibvirtTools;
  readonly names: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes or starts machines. What an interrupted run left half made is made anew, left-over disks of machines that are gone
 * are removed. One machine that fails does not keep the others from being finished; its error comes at the end.
 */
export async function bringUp({ config, tools, names, signal }: Bringing): Promise<void> {
  await refuseForeign(config, tools, names);
  await ensureNetworks(tools.virsh, config, signal);
  const fresh = await prepare({ config, tools, names, signal });
  const { done, error } = await tools.vagrant.up(names, signal);
  const finished = config.nodes.filter(({ name }) => fresh.has(name) && done.has(name));
  const adopted = await Promise.allSettled(finished.map((node) => finish(tools, node, signal)));
  signal?.throwIfAborted();
  const failures = adopted.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  throwAll(error ? [error, ...failures] : failures, names);
}

/** A domain without the lab's mark is never touched, whatever its name. */
export async function refuseForeign({ lab }: Config, { virsh }: LibvirtTools, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const domain = await virsh.domain(domainName(name));
    if (!domain || domain.lab === lab.name) continue;
    throw new LabError(
      `the libvirt domain ${domain.name} exists already and was not made by this lab (HOST_ORPHAN_DOMAIN)`,
      `choose another lab.name in config.yaml; or, if it is of no use any more, remove it: virsh undefine ${domain.name}`,
    );
  }
}

/** Clears the way, and answers with the machines that will be new. */
async function prepare({ config, tools, names, signal }: Bringing): Promise<ReadonlySet<string>> {
  const { virsh, folder } = tools;
  const domains = await allDomains(virsh);
  const fresh = new Set<string>();
  for (const name of names) {
    const domain = domains.find((one) => one.name === domainName(name));
    if (domain?.ready) {
      // Vagrant may have been told to forget it, or works in another clone of the project.
      if ((await folder.uuid(name)) !== domain.uuid) await folder.link(name, domain.uuid);
      continue;
    }
    fresh.add(name);
    if (domain) await removeDomain(tools, domain, signal);
    else await folder.forget(name);
  }
  for (const volume of await ownVolumes(virsh, config, await allDomains(virsh)))
    if (fresh.has(machineOfVolume(volume.name, config.lab.name) ?? '')) await removeVolume(virsh, volume, signal);
  return fresh;
}

async function finish({ virsh, adopt }: LibvirtTools, node: Node, signal?: AbortSignal): Promise<void> {
  await adopt(node, signal);
  await virsh.run(markReady(domainName(node.name)), signal);
}

function throwAll(failures: readonly unknown[], names: readonly string[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `could not make ${names.join(', ')}`);
}
