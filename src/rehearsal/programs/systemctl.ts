import type { Result } from '../../lab.ts';
import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Call, type Program } from '../program.ts';
import { startRke2, stopRke2 } from '../rke2.ts';
import { findUnit, startPlainUnit, unitName, type UnitState } from '../units.ts';
import { showUnit } from './systemctl-show.ts';

type SystemctlCall = Call<MachineState>;
type Verb = 'start' | 'restart' | 'stop';

const LOOKS = new Set(['is-active', 'is-enabled', 'show']);
const POLL_SECONDS = 1;
const ENABLE_SECONDS = 0.5;

/** `systemctl is-active|is-enabled|show|enable|disable|start|restart|stop|daemon-reload` */
export const systemctl: Program<MachineState> = {
  name: 'systemctl',
  changes: ([verb = '']) => !LOOKS.has(verb),
  call: (call) => {
    const [verb, ...rest] = call.args;
    switch (verb) {
      case 'is-active':
        return states(call, rest, { good: 'active', wordFor: (unit) => unit?.active ?? 'inactive' });
      case 'is-enabled':
        return states(call, rest, { good: 'enabled', wordFor: enabledWord });
      case 'show':
        return showUnit(call.on, rest);
      case 'daemon-reload':
        return rest.length === 0 ? succeeded() : unknown(call);
      case 'enable':
      case 'disable':
        return enable(call, rest, verb === 'enable');
      case 'start':
      case 'restart':
      case 'stop':
        return change(call, verb, rest);
      default:
        return unknown(call);
    }
  },
};

function unknown({ args }: SystemctlCall): never {
  throw notModelled('systemctl', args);
}

interface Question {
  readonly good: string;
  wordFor(unit: UnitState | undefined): string;
}

function states(call: SystemctlCall, units: readonly string[], { good, wordFor }: Question): Result {
  if (units.length === 0 || units.some((word) => word.startsWith('-'))) return unknown(call);
  const words = units.map((word) => wordFor(findUnit(call.on, unitName(word))));
  const code = words.every((word) => word === good) ? 0 : 3;
  return { code, stdout: words.map((word) => `${word}\n`).join(''), stderr: '' };
}

async function enable(call: SystemctlCall, words: readonly string[], enabled: boolean): Promise<Result> {
  const word = onlyUnit(call, words);
  await call.wait(ENABLE_SECONDS);
  const unit = findUnit(call.on, unitName(word));
  if (!unit) return failed(1, `Failed to enable unit: Unit file ${word}.service does not exist.\n`);
  unit.enabled = enabled;
  return succeeded();
}

async function change(call: SystemctlCall, verb: Verb, words: readonly string[]): Promise<Result> {
  const isBlocking = words[0] !== '--no-block';
  const name = unitName(onlyUnit(call, isBlocking ? words : words.slice(1)));
  const unit = findUnit(call.on, name);
  if (!unit) return failed(5, `Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`);
  const kind = rke2Kind(name);
  if (kind === undefined) changePlain(call, verb, { name, unit });
  else changeRke2(call, verb, kind);
  if (!isBlocking || verb === 'stop') return succeeded();
  while (unit.active === 'activating' && unit.sub === 'start') await call.wait(POLL_SECONDS);
  if (unit.active === 'active') return succeeded();
  return failed(1, `Job for ${name}.service failed because the control process exited with error code.\n`);
}

function changePlain(
  { world, on }: SystemctlCall,
  verb: Verb,
  { name, unit }: { readonly name: string; readonly unit: UnitState },
): void {
  if (verb !== 'stop') return startPlainUnit(on, name, world.time() + on.skew);
  unit.active = 'inactive';
  unit.sub = 'dead';
}

function changeRke2({ world, on }: SystemctlCall, verb: Verb, kind: 'server' | 'agent'): void {
  if (verb !== 'start') stopRke2(world, on);
  if (verb !== 'stop') startRke2(world, on, kind);
}

function onlyUnit(call: SystemctlCall, [word, ...more]: readonly string[]): string {
  if (word === undefined || more.length > 0 || word.startsWith('-')) return unknown(call);
  return word;
}

function enabledWord(unit: UnitState | undefined): string {
  if (!unit) return 'not-found';
  return unit.enabled ? 'enabled' : 'disabled';
}

function rke2Kind(name: string): 'server' | 'agent' | undefined {
  if (name === 'rke2-server') return 'server';
  return name === 'rke2-agent' ? 'agent' : undefined;
}
