import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `mkdir -p PATH` */
export const mkdir: Program<MachineState> = {
  name: 'mkdir',
  changes: () => true,
  call: ({ on, args }) => {
    const [option, path] = args;
    if (option !== '-p' || path === undefined || args.length !== 2) throw notModelled('mkdir', args);
    const cannot = `mkdir: cannot create directory '${path}'`;
    if (on.files.kind(path) === 'file') return failed(1, `${cannot}: File exists\n`);
    if (on.files.fileAbove(path) !== undefined) return failed(1, `${cannot}: Not a directory\n`);
    on.files.makeFolder(path);
    return succeeded();
  },
};
