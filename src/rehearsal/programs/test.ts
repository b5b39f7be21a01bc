import type { HostState } from '../host-state.ts';
import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `test -d PATH`, `test -e PATH` */
export const machineTest: Program<MachineState> = {
  name: 'test',
  changes: () => false,
  call: ({ on, args }) => {
    const [option, path] = args;
    if (args.length !== 2 || !path?.startsWith('/')) throw notModelled('test', args);
    const kind = on.files.kind(path);
    if (option === '-d') return kind === 'folder' ? succeeded() : failed(1);
    if (option === '-e') return kind === 'absent' ? failed(1) : succeeded();
    throw notModelled('test', args);
  },
};

/** `test -e /dev/kvm`, `test -w /dev/kvm` */
export const hostTest: Program<HostState> = {
  name: 'test',
  changes: () => false,
  call: ({ on, args }) => {
    const [option, path] = args;
    if (args.length !== 2 || path !== '/dev/kvm') throw notModelled('test', args);
    if (option === '-e') return on.kvm === 'absent' ? failed(1) : succeeded();
    if (option === '-w') return on.kvm === 'usable' ? succeeded() : failed(1);
    throw notModelled('test', args);
  },
};
