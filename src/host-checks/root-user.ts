import { LabError } from '../engine/errors.ts';
import type { HostCheck, NspawnWanted } from './host-check.ts';

export const rootUser: HostCheck<NspawnWanted> = {
  id: 'HOST_NOT_ROOT',
  link: 'https://www.freedesktop.org/software/systemd/man/latest/systemd-nspawn.html',
  async find(lab) {
    const { code, stdout } = await lab.host.look(['id', '-u']);
    if (code === 0 && stdout.trim() === '0') return undefined;
    return new LabError(
      'machines of systemd-nspawn are made by root only',
      'run the same command with sudo; or choose another machines.provider in config.yaml',
    );
  },
};
