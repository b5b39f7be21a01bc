import type { Result } from '../../lab.ts';
import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Call, type Program } from '../program.ts';
import { startRke2, stopRke2 } from '../rke2.ts';
import { findUnit, startPlainUnit, unitName } from '../units.ts';
import { showUnit } from './systemctl-show.ts';

type SystemctlCall = Call<MachineState>;

const LOOKS = ['is-active', 'is-enabled', 'show'];
const POLL_SECONDS = 1;
const ENABLE_SECONDS = 0.5;

/** `systemctl is-active|is-enabled|show|enable|disable|start|restart|stop|daemon-reload` */
export const systemctl: Program<MachineState> = {
  name: 'systemctl',
  changes: ([verb = '']) => !LOOKS.includes(verb),
  call: (call) => {
    const [verb, ...rest] = call.args;
    switch (verb) {
      case 'is-active':
        return states(call, rest, (unit) => unit?.active ?? 'inactive', 'active');
      case 'is-enabled':
        return states(call, rest, (unit) => (unit ? (unit.enabled ? 'enabled' : 'disabled') : 'not-found'), 'enabled');
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

function states(
  call: SystemctlCall,
  units: readonly string[],
  wordFor: (unit: ReturnType<typeof findUnit>) => string,
  good: string,
): Result {
  if (units.length === 0 || units.some((word) => word.startsWith('-'))) return unknown(call);
  const words = units.map((word) => wordFor(findUnit(call.on, unitName(word))));
  return {
    code: words.every((word) => word === good) ? 0 : 3,
    stdout: words.map((word) => `${word}\n`).join(''),
    stderr: '',
  };
}

async function enable(call: SystemctlCall, words: readonly string[], enabled: boolean): Promise<Result> {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0 || word.startsWith('-')) return unknown(call);
  await call.wait(ENABLE_SECONDS);
  const unit = findUnit(call.on, unitName(word));
  if (!unit) return failed(1, `Failed to enable unit: Unit file ${word}.service does not exist.\n`);
  unit.enabled = enabled;
  return succeeded();
}

async function change(
  call: SystemctlCall,
  verb: 'start' | 'restart' | 'stop',
  words: readonly string[],
): Promise<Result> {
  const blocking = words[0] !== '--no-block';
  const [word, ...more] = blocking ? words : words.slice(1);
  if (word === undefined || more.length > 0 || word.startsWith('-')) return unknown(call);
  const name = unitName(word);
  const unit = findUnit(call.on, name);
  if (!unit) return failed(5, `Failed to ${verb} ${name}.service: Unit ${name}.service not found.\n`);
  const kind = rke2Kind(name);
  if (kind === undefined) {
    if (verb !== 'stop') startPlainUnit(call.on, name, unit);
    else unit.active = 'inactive';
    return succeeded();
  }
  if (verb !== 'start') stopRke2(call.world, call.on);
  if (verb !== 'stop') startRke2(call.world, call.on, kind);
  while (blocking && unit.active === 'activating' && unit.sub === 'start') await call.wait(POLL_SECONDS);
  if (!blocking || verb === 'stop' || unit.active === 'active') return succeeded();
  return failed(1, `Job for ${name}.service failed because the control process exited with error code.\n`);
}

function rke2Kind(name: string): 'server' | 'agent' | undefined {
  if (name === 'rke2-server') return 'server';
  return name === 'rke2-agent' ? 'agent' : undefined;
}
