import type { HostState } from '../host-state.ts';
import { bytesLeft, type MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `df -B1 --output=avail PATH` */
export const machineDf: Program<MachineState> = {
  name: 'df',
  changes: () => false,
  call: ({ on, args }) => {
    const path = pathOf(args);
    return on.files.kind(path) === 'absent' ? missing(path) : succeeded(`       Avail\n${bytesLeft(on)}\n`);
  },
};

/** The same on the operator's computer. */
export const hostDf: Program<HostState> = {
  name: 'df',
  changes: () => false,
  call: ({ on, args }) => {
    const path = pathOf(args);
    return on.files.kind(path) === 'absent' ? missing(path) : succeeded(`       Avail\n${on.diskLeft}\n`);
  },
};

function pathOf(args: readonly string[]): string {
  const [blocks, output, path] = args;
  if (blocks !== '-B1' || output !== '--output=avail' || path === undefined || args.length !== 3)
    throw notModelled('df', args);
  return path;
}

function missing(path: string) {
  return failed(1, `df: ${path}: No such file or directory\n`);
}
