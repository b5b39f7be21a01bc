import type { Disk, MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `lsblk -J -b -o NAME,TYPE,FSTYPE,MOUNTPOINT,SIZE` */
export const lsblk: Program<MachineState> = {
  name: 'lsblk',
  changes: () => false,
  call: ({ on, args }) => {
    if (args.join(' ') !== '-J -b -o NAME,TYPE,FSTYPE,MOUNTPOINT,SIZE') throw notModelled('lsblk', args);
    return succeeded(JSON.stringify({ blockdevices: on.disks.map(row) }));
  },
};

function row({ name, type, fstype, mountpoint, size, children }: Disk): unknown {
  return { name, type, fstype, mountpoint, size, ...(children.length > 0 ? { children: children.map(row) } : {}) };
}
