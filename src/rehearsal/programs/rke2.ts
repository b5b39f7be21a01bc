import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';
import { RKE2_BINARY } from '../rke2.ts';

/** `/usr/local/bin/rke2 --version` */
export const rke2: Program<MachineState> = {
  name: RKE2_BINARY,
  changes: () => false,
  call: ({ on, args }) => {
    if (args.join(' ') !== '--version') throw notModelled(RKE2_BINARY, args);
    return succeeded(
      `rke2 version ${on.files.read(RKE2_BINARY)?.content} (0123456789abcdef)\ngo version go1.25.1 X:boringcrypto\n`,
    );
  },
};
