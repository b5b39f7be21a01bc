import type { Result } from '../../lab.ts';
import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded } from '../program.ts';
import { findUnit, unitName, type UnitState } from '../units.ts';

const PROPERTIES: Readonly<Record<string, (unit: UnitState | undefined) => string>> = {
  LoadState: (unit) => (unit ? 'loaded' : 'not-found'),
  ActiveState: (unit) => unit?.active ?? 'inactive',
  SubState: (unit) => unit?.sub ?? 'dead',
  UnitFileState: (unit) => (unit ? (unit.enabled ? 'enabled' : 'disabled') : ''),
  ExecMainStartTimestamp: (unit) => (unit?.startedAt === undefined ? '' : `@${unit.startedAt}`),
};

/** `systemctl show --timestamp=unix -p NAME,… UNIT`; systemd prints properties in an order of its own. */
export function showUnit(machine: MachineState, args: readonly string[]): Result {
  const [option, names, word, ...more] = args[0] === '--timestamp=unix' ? args.slice(1) : args;
  if (option !== '-p' || names === undefined || word === undefined || more.length > 0)
    throw notModelled('systemctl show', args);
  const unit = findUnit(machine, unitName(word));
  const wanted = names.split(',');
  const unknown = wanted.find((name) => !(name in PROPERTIES));
  const plainTime = wanted.includes('ExecMainStartTimestamp') && args[0] !== '--timestamp=unix';
  if (unknown !== undefined || plainTime) throw notModelled('systemctl show', args);
  return succeeded(
    Object.entries(PROPERTIES)
      .filter(([name]) => wanted.includes(name))
      .map(([name, value]) => `${name}=${value(unit)}\n`)
      .toReversed()
      .join(''),
  );
}
