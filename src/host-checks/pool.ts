import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';
import { virshNames } from './virsh.ts';

/** vagrant-libvirt makes this pool by itself. */
const MADE_BY_PLUGIN = 'default';

export const pool: HostCheck = {
  id: 'HOST_POOL_MISSING',
  link: 'https://github.com/vagrant-libvirt/vagrant-libvirt/issues/395',
  async find(lab, { uri, pool: name }) {
    const [all, active] = await Promise.all([
      virshNames(lab, uri, 'pool-list', '--all'),
      virshNames(lab, uri, 'pool-list'),
    ]);
    if (!all || !active || active.includes(name)) return undefined;
    if (all.includes(name))
      return new LabError(`libvirt's storage pool ${name} is not active`, `virsh -c ${uri} pool-start ${name}`);
    if (name === MADE_BY_PLUGIN) return undefined;
    return new LabError(
      `libvirt has no storage pool ${name}; it has ${all.join(', ') || 'none'}`,
      `virsh -c ${uri} pool-define-as ${name} dir --target /var/lib/libvirt/${name} && virsh -c ${uri} pool-start ${name}; or set machines.libvirt.pool`,
    );
  },
};
