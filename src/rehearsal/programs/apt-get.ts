import type { Result } from '../../lab.ts';
import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Call, type Program } from '../program.ts';
import { addPackageUnits } from '../units.ts';

const UPDATE_SECONDS = 6;
const INSTALL_SECONDS = 5;
const PACKAGES = new Set(['open-iscsi', 'nfs-common', 'chrony', 'cryptsetup', 'lvm2', 'curl', 'multipath-tools']);

/** True for a package that the rehearsed distribution has. */
export function isPackage(name: string): boolean {
  return PACKAGES.has(name);
}

/** `env DEBIAN_FRONTEND=noninteractive apt-get update`, `… apt-get install -y --no-install-recommends PACKAGE…` */
export const env: Program<MachineState> = {
  name: 'env',
  changes: () => true,
  call: (call) => {
    const [setting, program, ...args] = call.args;
    if (setting !== 'DEBIAN_FRONTEND=noninteractive' || program !== 'apt-get') throw notModelled('env', call.args);
    return aptGet(call, args);
  },
};

async function aptGet({ on, wait }: Call<MachineState>, args: readonly string[]): Promise<Result> {
  if (args.join(' ') === 'update') {
    await wait(UPDATE_SECONDS);
    return succeeded();
  }
  const [verb, yes, lean, ...names] = args;
  const known = names.length > 0 && names.every(isPackage);
  if (verb !== 'install' || yes !== '-y' || lean !== '--no-install-recommends' || !known)
    throw notModelled('apt-get', args);
  await wait(INSTALL_SECONDS * names.length);
  for (const name of names.filter((wanted) => !on.packages.has(wanted))) {
    on.packages.add(name);
    addPackageUnits(on, name);
  }
  return succeeded();
}
