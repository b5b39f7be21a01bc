import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `mkdir -p PATH` */
export const mkdir: Program<MachineState> = {
  name: 'mkdir',
  changes: () => true,
  call: ({ on, args }) => {
    const [option, path] = args;
    if (option !== '-p' || path === undefined || args.length !== 2) throw notModelled('mkdir', args);
    on.files.makeFolder(path);
    return succeeded();
  },
};
