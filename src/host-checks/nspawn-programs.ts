import { LabError } from '../engine/errors.ts';
import type { HostCheck, NspawnWanted } from './host-check.ts';

/** Ways to ask each program for nothing, and the package of Debian and Ubuntu that has it. */
const NEEDED = [
  { argv: ['systemd-nspawn', '--version'], package: 'systemd-container' },
  { argv: ['debootstrap', '--version'], package: 'debootstrap' },
  { argv: ['ip', '-V'], package: 'iproute2' },
  { argv: ['iptables', '--version'], package: 'iptables' },
];

export const nspawnPrograms: HostCheck<NspawnWanted> = {
  id: 'HOST_NSPAWN_MISSING',
  link: 'https://www.freedesktop.org/software/systemd/man/latest/systemd-nspawn.html',
  async find(lab) {
    const answers = await Promise.all(NEEDED.map(({ argv }) => lab.host.look(argv)));
    const missing = NEEDED.filter((_, index) => answers[index]?.code !== 0);
    if (missing.length === 0) return undefined;
    const programs = missing.map(({ argv }) => argv[0]).join(', ');
    return new LabError(
      `${programs} ${missing.length === 1 ? 'is' : 'are'} not installed, or ${missing.length === 1 ? 'does' : 'do'} not run`,
      `sudo apt install ${missing.map((one) => one.package).join(' ')}`,
    );
  },
};
