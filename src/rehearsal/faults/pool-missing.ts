import type { Fault } from './fault.ts';

export const poolMissing: Fault = {
  name: 'pool-missing',
  title: "libvirt's storage pool is not active",
  alter: ({ host }) => {
    for (const pool of host.pools) pool.active = false;
  },
};
