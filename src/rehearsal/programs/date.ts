import type { HostState } from '../host-state.ts';
import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `date +%s`, `date -s @SECONDS` */
export const machineDate: Program<MachineState> = {
  name: 'date',
  changes: ([option]) => option === '-s',
  call: ({ world, on, args }) => {
    const [option, moment = ''] = args;
    if (option === '+%s' && args.length === 1) return succeeded(`${world.time() + on.skew}\n`);
    const seconds = /^@(\d+)$/.exec(moment)?.[1];
    if (option !== '-s' || args.length !== 2 || seconds === undefined) throw notModelled('date', args);
    on.skew = Number(seconds) - world.time();
    return succeeded();
  },
};

/** `date +%s` */
export const hostDate: Program<HostState> = {
  name: 'date',
  changes: () => false,
  call: ({ world, args }) => {
    if (args.join(' ') !== '+%s') throw notModelled('date', args);
    return succeeded(`${world.time()}\n`);
  },
};
