import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `ln -sfn TARGET PATH` */
export const ln: Program<MachineState> = {
  name: 'ln',
  changes: () => true,
  call: ({ on, args }) => {
    const [option, target, path] = args;
    if (option !== '-sfn' || target === undefined || path === undefined || args.length !== 3)
      throw notModelled('ln', args);
    on.files.link(target, path);
    return succeeded();
  },
};
