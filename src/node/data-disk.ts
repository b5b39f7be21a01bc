import { LabError } from '../engine/errors.ts';
import type { Step } from '../engine/phase.ts';
import type { Machine } from '../lab.ts';
import type { Aspect } from './aspect.ts';
import { jsonOutput, type JsonProgram } from './json-output.ts';

const LABEL = 'rke2-lab-data';
const MOUNT_POINT = '/var/lib/longhorn';
const DISKS: JsonProgram = {
  argv: ['lsblk', '-J', '-b', '-o', 'NAME,TYPE,FSTYPE,MOUNTPOINT,SIZE'],
  from: 'util-linux',
};
const FSTAB_LINE = `LABEL=${LABEL} ${MOUNT_POINT} ext4 defaults,nofail 0 2`;

export interface DataDiskWanted {
  readonly provider: 'rook' | 'longhorn' | 'external';
  /** GB of the machine's empty disk; 0 = it has none. */
  readonly dataDisk: number;
}

interface BlockDevice {
  readonly name: string;
  readonly type: string;
  readonly fstype: string | null;
  readonly mountpoint: string | null;
  readonly children?: readonly BlockDevice[];
}

/** The second disk as the storage provider wants it: ext4 and mounted for Longhorn, untouched for Rook. */
export const dataDisk: Aspect<DataDiskWanted> = async (machine, { provider, dataDisk: size }) => {
  if (size === 0 || provider === 'external') return [];
  const [listed, fstab] = await Promise.all([jsonOutput(machine, DISKS), machine.readFile('/etc/fstab')]);
  const devices: readonly BlockDevice[] = listed.blockdevices;
  const disk = devices.find((device) => device.type === 'disk' && !holdsSystem(device));
  if (!disk)
    throw new LabError(
      `${machine.name} has no second disk, config.yaml asks for ${size} GB`,
      'npm run lab:down, then lab:up: a disk is added only to a new machine; or set dataDisk: 0',
    );
  if (provider === 'rook') return rookSteps(machine, disk);
  return longhornSteps(machine, disk, fstab?.content ?? '');
};

function holdsSystem(device: BlockDevice): boolean {
  if (device.mountpoint && device.mountpoint !== MOUNT_POINT) return true;
  return (device.children ?? []).some((child) => holdsSystem(child));
}

/** STORAGE_DISK_DIRTY: Rook takes only a disk without a file system. https://github.com/rook/rook/issues/2785 */
function rookSteps(machine: Machine, disk: BlockDevice): readonly Step[] {
  if (!disk.fstype && !disk.children?.length) return [];
  if (disk.fstype?.startsWith('ceph')) return [];
  throw new LabError(
    `/dev/${disk.name} of ${machine.name} holds ${disk.fstype ?? 'partitions'}, Rook takes only an empty disk`,
    `if nothing on it is needed, on ${machine.name}: sudo wipefs -a /dev/${disk.name}`,
  );
}

function longhornSteps(machine: Machine, disk: BlockDevice, fstab: string): readonly Step[] {
  if (disk.mountpoint === MOUNT_POINT && fstab.includes(FSTAB_LINE)) return [];
  if (!disk.fstype && !disk.children?.length)
    return [
      {
        title: `make a file system on the empty /dev/${disk.name} of ${machine.name}`,
        run: (signal) => machine.run(['mkfs.ext4', '-q', '-L', LABEL, `/dev/${disk.name}`], { signal }),
      },
    ];
  if (disk.fstype !== 'ext4')
    throw new LabError(
      `/dev/${disk.name} of ${machine.name} holds ${disk.fstype ?? 'partitions'}, Longhorn wants an empty disk or ext4`,
      `if nothing on it is needed, on ${machine.name}: sudo wipefs -a /dev/${disk.name}`,
    );
  return [{ title: `mount ${MOUNT_POINT} on ${machine.name}`, run: (signal) => mount(machine, fstab, signal) }];
}

async function mount(machine: Machine, fstab: string, signal: AbortSignal): Promise<void> {
  const content = fstab.includes(FSTAB_LINE) ? fstab : `${fstab.replace(/\n?$/, '\n')}${FSTAB_LINE}\n`.trimStart();
  await machine.writeFile('/etc/fstab', { content }, signal);
  await machine.run(['mkdir', '-p', MOUNT_POINT], { signal });
  await machine.run(['mount', MOUNT_POINT], { signal });
}
