import type { MachineState } from './machine-state.ts';

/** A systemd unit as `systemctl show` tells it. */
export interface UnitState {
  enabled: boolean;
  active: 'inactive' | 'activating' | 'active' | 'failed';
  sub: string;
  /** When its process started, in seconds since 1970 of the machine's clock; undefined = never. */
  startedAt?: number | undefined;
  /** The files that it read when it started. */
  config?: Readonly<Record<string, string>> | undefined;
}

/** Units that any Ubuntu has, beside those that packages and RKE2 bring. */
const BASE_UNITS = ['ssh', 'systemd-resolved', 'systemd-timesyncd', 'systemd-networkd', 'multipathd'];
/** Units that a package brings, running or not. */
const PACKAGE_UNITS: Readonly<Record<string, readonly string[]>> = {
  chrony: ['chrony'],
  firewalld: ['firewalld'],
  'nfs-common': ['nfs-client.target'],
  'open-iscsi': ['iscsid', 'open-iscsi'],
  ufw: ['ufw'],
};
/** What a unit reads when it starts. */
const CONFIG_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  multipathd: ['/etc/multipath', '/etc/multipath/conf.d'],
  'systemd-resolved': ['/etc/systemd/resolved.conf.d'],
  'systemd-timesyncd': ['/etc/systemd/timesyncd.conf.d'],
};
const UNIT_FOLDERS = ['/etc/systemd/system', '/usr/local/lib/systemd/system'];
/** Units that a rehearsal knows by name; another is a bug, installed or not. */
const KNOWN = new Set([
  ...BASE_UNITS,
  ...Object.values(PACKAGE_UNITS).flat(),
  ...['rke2-server', 'rke2-agent', 'apt-daily', 'apt-daily-upgrade', 'unattended-upgrades', 'apparmor'],
]);

export function baseUnits(): Map<string, UnitState> {
  return new Map(BASE_UNITS.map((name) => [name, { enabled: true, active: 'active', sub: 'running' }]));
}

/** The name without `.service`. A unit outside the model is a bug. */
export function unitName(word: string): string {
  const name = word.replace(/\.service$/, '');
  if (!KNOWN.has(name)) throw new Error(`the rehearsal knows no unit ${word}`);
  return name;
}

/** The unit, or undefined where systemd would find none (`LoadState=not-found`). */
export function findUnit(machine: MachineState, name: string): UnitState | undefined {
  const known = machine.units.get(name);
  if (known) return known;
  if (!UNIT_FOLDERS.some((folder) => machine.files.kind(`${folder}/${name}.service`) === 'file')) return undefined;
  const made: UnitState = { enabled: false, active: 'inactive', sub: 'dead' };
  machine.units.set(name, made);
  return made;
}

/** What the package manager does after it unpacked a package. */
export function addPackageUnits(machine: MachineState, name: string): void {
  for (const unit of PACKAGE_UNITS[name] ?? [])
    machine.units.set(unit, { enabled: true, active: 'active', sub: 'running' });
}

/** Starts anything that is not RKE2: at once. `now` in seconds since 1970 of the machine's clock. */
export function startPlainUnit(machine: MachineState, name: string, now: number): void {
  const unit = findUnit(machine, name);
  if (!unit) return;
  unit.startedAt = now;
  unit.active = 'active';
  unit.sub = 'running';
  unit.config = configOf(machine, name);
}

function configOf(machine: MachineState, name: string): Readonly<Record<string, string>> | undefined {
  const paths = (CONFIG_FOLDERS[name] ?? []).flatMap((folder) => machine.files.under(folder));
  return Object.fromEntries(paths.map((path) => [path, machine.files.read(path)?.content ?? '']));
}

/** Adds a line to the journal of a unit. */
export function log(machine: MachineState, unit: string, line: string): void {
  const lines = machine.journal.get(unit) ?? [];
  lines.push(line);
  machine.journal.set(unit, lines.slice(-200));
}
