import { dataDiskSum, machineKeys } from '../nodes.ts';
import type { Rule } from './rule.ts';

export const storageDisk: Rule = {
  id: 'STORAGE_DISK',
  title: 'Some machine has a data disk: rook takes nothing else, longhorn fills the system disk without one.',
  link: 'https://rook.io/docs/rook/latest-release/Getting-Started/Prerequisites/prerequisites/',
  *check({ features: { storage }, machines, nodes }) {
    // Of machines that exist already nobody knows the disks before prepare-nodes has looked.
    if (machines.provider === 'hosts' || !storage.enabled || storage.provider === 'external' || dataDiskSum(nodes) > 0)
      return;
    const isRook = storage.provider === 'rook';
    yield {
      path: ['machines', 'size'],
      involves: [['features', 'storage', 'provider'], ['features', 'storage', 'enabled'], ...machineKeys],
      level: isRook ? 'error' : 'notice',
      message: `expected a size with a data disk for ${storage.provider}, came ${machines.size} without${isRook ? '' : ': volumes go to the system disk'}`,
      fix: `set dataDisk of servers or agents in machines.sizes.${machines.size} to 50, or choose size dev or prod`,
    };
  },
};
