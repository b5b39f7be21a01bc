import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';

/** Older ones lack options that the Vagrantfile uses; Debian 12 has 2.3.4. */
const OLDEST = { major: 2, minor: 3 };

export const vagrant: HostCheck = {
  id: 'HOST_VAGRANT_MISSING',
  link: 'https://developer.hashicorp.com/vagrant/install',
  async find(lab) {
    const { code, stdout, stderr } = await lab.host.look(['vagrant', '--version']);
    const fix =
      'install Vagrant 2.3 or newer and its libvirt plug-in; Debian and Ubuntu: sudo apt install vagrant vagrant-libvirt';
    if (code === 127) return new LabError('vagrant is not installed', fix);
    const version = /(\d+)\.(\d+)\.\d+/.exec(stdout);
    if (code !== 0 || !version) return new LabError(`vagrant --version failed: ${(stderr || stdout).trim()}`, fix);
    const [major, minor] = [Number(version[1]), Number(version[2])];
    if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
    return new LabError(`vagrant is ${version[0]}, at least ${OLDEST.major}.${OLDEST.minor} is needed`, fix);
  },
};
