import { LabError } from '../../engine/errors.ts';
import type { Fault } from './fault.ts';

export const dataDiskDirty: Fault = {
  name: 'data-disk-dirty',
  title: 'the data disks of the machines hold something already',
  alter: ({ config, onCreate }) => {
    if (config.nodes.every(({ dataDisk }) => dataDisk === 0))
      throw new LabError(
        'no machine of config.yaml has a data disk that could be dirty',
        'set dataDisk: 20 for a size in machines.sizes',
      );
    onCreate.push(({ disks }) => {
      for (const disk of disks) if (disk.name === 'vdb') disk.fstype = 'xfs';
    });
  },
};
