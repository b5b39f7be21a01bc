import type { Config } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { definePhase } from '../engine/phase.ts';
import type { HostCheck, HostWanted, NspawnWanted } from '../host-checks/host-check.ts';
import { hostChecks, nspawnChecks } from '../host-checks/index.ts';
import type { Lab } from '../lab.ts';

/** Neither where the machines exist already: then this computer only needs SSH, which we bring. */
interface Want {
  readonly libvirt?: HostWanted;
  readonly nspawn?: NspawnWanted;
}

export const checkHost = definePhase({
  name: 'check-host',
  title: 'Check this computer',
  scope: 'lab',
  needs: {},
  reads: want,
  writes: [],
  async plan(lab, { libvirt, nspawn }) {
    const checked = [
      ...(libvirt ? hostChecks.map((check) => troubleOf(check, lab, libvirt)) : []),
      ...(nspawn ? nspawnChecks.map((check) => troubleOf(check, lab, nspawn)) : []),
    ];
    const troubles = await troublesIn(checked);
    if (troubles.length > 1) throw new AggregateError(troubles, `${troubles.length} troubles with this computer`);
    if (troubles[0]) throw troubles[0];
    return [];
  },
});

/** All that is wrong; where nothing is known to be, why a check could not look. */
async function troublesIn(checked: readonly Promise<LabError | undefined>[]): Promise<readonly LabError[]> {
  const settled = await Promise.allSettled(checked);
  const failures: unknown[] = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const bug = failures.find((failure) => !(failure instanceof LabError));
  if (bug) throw bug;
  const troubles = settled.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  if (troubles.length === 0 && failures[0]) throw failures[0];
  return troubles;
}

/** The same error, with the id to search for. */
async function troubleOf<Wanted>(check: HostCheck<Wanted>, lab: Lab, wanted: Wanted): Promise<LabError | undefined> {
  const trouble = await check.find(lab, wanted);
  return trouble && new LabError(`${check.id}: ${trouble.message}`, `${trouble.fix} (see ${check.link})`);
}

/** `auto` that nobody resolved, in a rehearsal, is libvirt. */
function want(config: Config): Want {
  switch (config.machines.provider) {
    case 'hosts':
      return {};
    case 'nspawn':
      return { nspawn: nspawnWanted(config) };
    case 'auto':
    case 'libvirt':
      return { libvirt: libvirtWanted(config) };
  }
}

function libvirtWanted({ machines, nodes }: Config): HostWanted {
  return {
    uri: machines.libvirt.uri,
    driver: machines.libvirt.driver,
    pool: machines.libvirt.pool,
    managementNetwork: machines.libvirt.managementNetwork,
    labSubnet: machines.network.subnet,
    memory: new Map(nodes.map(({ name, memory }) => [name, memory])),
  };
}

function nspawnWanted({ machines, nodes }: Config): NspawnWanted {
  return {
    labSubnet: machines.network.subnet,
    managementSubnet: machines.nspawn.managementSubnet,
    machines: nodes.length,
  };
}
