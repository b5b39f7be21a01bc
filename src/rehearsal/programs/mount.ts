import { fstabOf } from '../boot.ts';
import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `mount PATH`, as /etc/fstab says */
export const mount: Program<MachineState> = {
  name: 'mount',
  changes: () => true,
  call: ({ on, args }) => {
    const [path] = args;
    if (path === undefined || args.length !== 1 || !path.startsWith('/')) throw notModelled('mount', args);
    const line = fstabOf(on).find(({ mountPoint }) => mountPoint === path);
    if (!line) return failed(1, `mount: ${path}: can't find in /etc/fstab.\n`);
    if (on.files.kind(path) !== 'folder') return failed(32, `mount: ${path}: mount point does not exist.\n`);
    const disk = on.disks.find(({ label }) => label === line.label);
    if (!disk) return failed(32, `mount: ${path}: can't find LABEL=${line.label}.\n`);
    if (disk.mountpoint !== null)
      return failed(32, `mount: ${path}: /dev/${disk.name} already mounted on ${disk.mountpoint}.\n`);
    disk.mountpoint = path;
    return succeeded();
  },
};
