import { resetSysctls } from './box.ts';
import type { MachineState } from './machine-state.ts';
import { startRke2, stopRke2 } from './rke2.ts';
import { startPlainUnit } from './units.ts';
import type { World } from './world.ts';

/** Seconds from power-on until SSH answers. */
const BOOT_SECONDS = 25;

/** Switches a machine on: enabled units start, in the end sshd answers. */
export function powerOn(world: World, machine: MachineState): void {
  machine.running = true;
  machine.booted = false;
  machine.boots += 1;
  const { boots } = machine;
  resetSysctls(machine);
  machine.files.write('/proc/sys/kernel/random/boot_id', { content: `${machine.name}-boot-${boots}\n`, mode: 0o444 });
  world.clock.at(world.clock.now() + BOOT_SECONDS, () => {
    if (!machine.running || machine.boots !== boots) return;
    machine.booted = true;
    applySysctlFiles(machine);
    mountFromFstab(machine);
    for (const [name, unit] of machine.units) if (unit.enabled) startAtBoot(world, machine, name);
  });
}

/** Pulls the plug; what was not on disk is gone. */
export function powerOff(world: World, machine: MachineState): void {
  machine.running = false;
  machine.booted = false;
  stopRke2(world, machine);
  for (const disk of machine.disks) disk.mountpoint = null;
  for (const unit of machine.units.values()) {
    unit.active = 'inactive';
    unit.sub = 'dead';
  }
}

function startAtBoot(world: World, machine: MachineState, name: string): void {
  if (name === 'rke2-server') return startRke2(world, machine, 'server');
  if (name === 'rke2-agent') return startRke2(world, machine, 'agent');
  return startPlainUnit(machine, name, world.time() + machine.skew);
}

/** Sets what the lines `KEY = VALUE` of a sysctl file say. A key that the kernel does not have is a bug. */
export function applySysctls(machine: MachineState, content: string): void {
  for (const line of content.split('\n').filter((text) => /^[^#;\s]/.test(text))) {
    const [key = '', value = ''] = line.split('=').map((part) => part.trim());
    if (!machine.sysctls.has(key)) throw new Error(`the rehearsal knows no sysctl ${key}`);
    machine.sysctls.set(key, value);
  }
}

function applySysctlFiles(machine: MachineState): void {
  const files = machine.files.under('/etc/sysctl.d').filter((path) => path.endsWith('.conf'));
  for (const path of files) applySysctls(machine, machine.files.read(path)?.content ?? '');
}

function mountFromFstab(machine: MachineState): void {
  for (const { label, mountPoint } of fstabOf(machine)) {
    const disk = machine.disks.find((candidate) => candidate.label === label);
    if (disk) disk.mountpoint = mountPoint;
  }
}

/** The lines `LABEL=… MOUNTPOINT …` of /etc/fstab. */
export function fstabOf({ files }: MachineState): readonly { readonly label: string; readonly mountPoint: string }[] {
  const lines = (files.read('/etc/fstab')?.content ?? '').split('\n');
  return lines.flatMap((line) => {
    const [, label, mountPoint] = /^LABEL=(\S+)\s+(\S+)\s/.exec(line) ?? [];
    return label === undefined || mountPoint === undefined ? [] : [{ label, mountPoint }];
  });
}
