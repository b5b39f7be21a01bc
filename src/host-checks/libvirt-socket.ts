import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';

export const libvirtSocket: HostCheck = {
  id: 'HOST_LIBVIRT_SOCKET',
  link: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/272',
  async find(lab, { uri }) {
    const { code, stderr } = await lab.host.look(['virsh', '-c', uri, 'version']);
    if (code === 0) return undefined;
    if (code === 127)
      return new LabError('virsh is not installed', 'sudo apt install libvirt-clients libvirt-daemon-system');
    const refused = /permission denied|authentication/i.test(stderr);
    return new LabError(
      `libvirt at ${uri} does not answer: ${stderr.trim().split('\n').at(-1) ?? ''}`,
      refused ? 'sudo usermod -aG libvirt "$USER", then log in again' : 'sudo systemctl enable --now libvirtd',
    );
  },
};
