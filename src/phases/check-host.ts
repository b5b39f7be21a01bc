import type { Config } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { definePhase } from '../engine/phase.ts';
import type { HostCheck, HostWanted } from '../host-checks/host-check.ts';
import { hostChecks } from '../host-checks/index.ts';
import type { Lab } from '../lab.ts';

interface Want {
  /** Undefined where the machines exist already: then this computer only needs SSH, which we bring. */
  readonly libvirt?: HostWanted;
}

export const checkHost = definePhase({
  name: 'check-host',
  title: 'Check this computer',
  scope: 'lab',
  needs: {},
  reads: (config): Want => (config.machines.provider === 'libvirt' ? { libvirt: wanted(config) } : {}),
  writes: [],
  async plan(lab, { libvirt }) {
    if (!libvirt) return [];
    const troubles = await troublesOf(lab, libvirt);
    if (troubles.length > 1) throw new AggregateError(troubles, `${troubles.length} troubles with this computer`);
    if (troubles[0]) throw troubles[0];
    return [];
  },
});

/** All that is wrong; where nothing is known to be, why a check could not look. */
async function troublesOf(lab: Lab, want: HostWanted): Promise<readonly LabError[]> {
  const settled = await Promise.allSettled(hostChecks.map((check) => troubleOf(check, lab, want)));
  const failures: unknown[] = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const bug = failures.find((failure) => !(failure instanceof LabError));
  if (bug) throw bug;
  const troubles = settled.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  if (troubles.length === 0 && failures[0]) throw failures[0];
  return troubles;
}

/** The same error, with the id to search for. */
async function troubleOf(check: HostCheck, lab: Lab, want: HostWanted): Promise<LabError | undefined> {
  const trouble = await check.find(lab, want);
  return trouble && new LabError(`${check.id}: ${trouble.message}`, `${trouble.fix} (see ${check.link})`);
}

function wanted({ machines, nodes }: Config): HostWanted {
  return {
    uri: machines.libvirt.uri,
    driver: machines.libvirt.driver,
    pool: machines.libvirt.pool,
    managementNetwork: machines.libvirt.managementNetwork,
    labSubnet: machines.network.subnet,
    memory: new Map(nodes.map(({ name, memory }) => [name, memory])),
  };
}
