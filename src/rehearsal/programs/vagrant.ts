import type { HostState } from '../host-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `vagrant --version`, `vagrant plugin list --machine-readable` */
export const vagrant: Program<HostState> = {
  name: 'vagrant',
  changes: () => false,
  call: async ({ on, args, wait }) => {
    await wait(1);
    if (args.join(' ') === '--version') return succeeded(`Vagrant ${on.vagrant}\n`);
    if (args.join(' ') !== 'plugin list --machine-readable') throw notModelled('vagrant', args);
    const lines = [...on.plugins].map(
      ([name, version]) =>
        `1795000000,,plugin-name,${name}\n1795000000,${name},plugin-version,${version}%!(VAGRANT_COMMA) global\n`,
    );
    return succeeded(lines.join(''));
  },
};
