import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';

export const kvm: HostCheck = {
  id: 'HOST_KVM_UNAVAILABLE',
  link: 'https://github.com/actions/runner-images/issues/7670',
  async find(lab, { driver }) {
    if (driver !== 'kvm') return undefined;
    const [exists, writable] = await Promise.all([
      lab.host.look(['test', '-e', '/dev/kvm']),
      lab.host.look(['test', '-w', '/dev/kvm']),
    ]);
    if (exists.code !== 0)
      return new LabError(
        'this computer has no /dev/kvm',
        'switch virtualisation on in its firmware, or nested virtualisation where it is a VM itself; without KVM: npm run lab:rehearse, machines.provider: hosts, or (very slow) machines.libvirt.driver: qemu',
      );
    if (writable.code === 0) return undefined;
    return new LabError('/dev/kvm may not be used by this user', 'sudo usermod -aG kvm "$USER", then log in again');
  },
};
