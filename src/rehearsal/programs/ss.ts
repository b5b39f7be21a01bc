import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `ss -Hltn` */
export const ss: Program<MachineState> = {
  name: 'ss',
  changes: () => false,
  call: ({ on, args }) => {
    if (args.join(' ') !== '-Hltn') throw notModelled('ss', args);
    const rke2 = on.rke2?.serving ? [2379, 2380, 6443, 9345, 10250] : [];
    const ports = [22, ...on.listeners.keys(), ...rke2];
    return succeeded(ports.map((port) => `LISTEN 0      4096         0.0.0.0:${port}        0.0.0.0:*   \n`).join(''));
  },
};
