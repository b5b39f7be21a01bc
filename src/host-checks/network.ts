import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';
import { virshNames } from './virsh.ts';

export const network: HostCheck = {
  id: 'HOST_NET_INACTIVE',
  link: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/116',
  async find(lab, { uri, managementNetwork: { name } }) {
    const [all, active] = await Promise.all([
      virshNames(lab, uri, 'net-list', '--all'),
      virshNames(lab, uri, 'net-list'),
    ]);
    if (!all?.includes(name) || !active || active.includes(name)) return undefined;
    return new LabError(
      `libvirt's network ${name} is there but not active`,
      `virsh -c ${uri} net-start ${name} && virsh -c ${uri} net-autostart ${name}`,
    );
  },
};
