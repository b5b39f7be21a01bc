import type { MachineState } from '../machine-state.ts';
import { notModelled, type Program } from '../program.ts';
import { isPackage } from './apt-get.ts';

/** `dpkg-query -W -f ${Package}\t${Status}\n PACKAGE…` */
export const dpkgQuery: Program<MachineState> = {
  name: 'dpkg-query',
  changes: () => false,
  call: ({ on, args }) => {
    const [show, option, format, ...names] = args;
    const known = names.length > 0 && names.every(isPackage);
    if (show !== '-W' || option !== '-f' || format !== '${Package}\\t${Status}\\n' || !known)
      throw notModelled('dpkg-query', args);
    const installed = names.filter((name) => on.packages.has(name));
    const missing = names.filter((name) => !on.packages.has(name));
    return {
      code: missing.length > 0 ? 1 : 0,
      stdout: installed.map((name) => `${name}\tinstall ok installed\n`).join(''),
      stderr: missing.map((name) => `dpkg-query: no packages found matching ${name}\n`).join(''),
    };
  },
};
