import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';
import { virsh, virshNames } from './virsh.ts';

/** What a fresh machine with RKE2's images takes of its thin disk, measured in GB; a data disk starts empty. */
const GB_PER_MACHINE = 8;
const GB = 1e9;

export const disk: HostCheck = {
  id: 'HOST_DISK_FULL',
  link: 'https://github.com/confidential-containers/cloud-api-adaptor/pull/2309',
  async find(lab, { uri, pool, memory }) {
    const pools = await virshNames(lab, uri, 'pool-list', '--all');
    const path = pools?.includes(pool)
      ? /<path>([^<]+)<\/path>/.exec((await virsh(lab, uri, 'pool-dumpxml', pool)) ?? '')?.[1]
      : undefined;
    if (!path) return undefined;
    const [{ code, stdout }, machines] = await Promise.all([
      lab.host.look(['df', '-B1', '--output=avail', path]),
      lab.provider.list(),
    ]);
    // A folder that only root may enter: libvirt itself will say it when it is full.
    if (code !== 0) return undefined;
    const free = Number(stdout.trim().split('\n').at(-1));
    const missing = memory.size - machines.length;
    if (missing * GB_PER_MACHINE * GB <= free) return undefined;
    return new LabError(
      `${path} (storage pool ${pool}) has ${Math.floor(free / GB)} GB free, ${missing} new machines take about ${missing * GB_PER_MACHINE} GB`,
      'free some room there, or name another pool with machines.libvirt.pool in config.yaml',
    );
  },
};
