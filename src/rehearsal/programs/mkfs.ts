import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

const SECONDS = 4;

/** `mkfs.ext4 -q -L LABEL DEVICE`. On a disk that holds something it is a bug: data would be lost. */
export const mkfs: Program<MachineState> = {
  name: 'mkfs.ext4',
  changes: () => true,
  call: async ({ on, args, wait }) => {
    const [quiet, option, label, device] = args;
    if (quiet !== '-q' || option !== '-L' || label === undefined || device === undefined || args.length !== 4)
      throw notModelled('mkfs.ext4', args);
    const disk = on.disks.find(({ name }) => `/dev/${name}` === device);
    if (!disk) return failed(1, `The file ${device} does not exist and no size was specified.\n`);
    if (disk.fstype !== null || disk.children.length > 0)
      throw new Error(`mkfs.ext4 would destroy what is on ${device} of ${on.name}`);
    await wait(SECONDS);
    disk.fstype = 'ext4';
    disk.label = label;
    return succeeded();
  },
};
