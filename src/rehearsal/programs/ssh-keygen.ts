import type { HostState } from '../host-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `ssh-keygen -q -t ed25519 -N '' -C COMMENT -f PATH`; it would ask before it overwrites, and nobody answers */
export const sshKeygen: Program<HostState> = {
  name: 'ssh-keygen',
  changes: () => true,
  writes: (args) => args.at(-1) ?? '',
  call: ({ world, on, args }) => {
    const [quiet, type, kind, passphrase, none, option, comment, file, path] = args;
    const known = [quiet, type, kind, passphrase, none, option, file].join(' ') === '-q -t ed25519 -N  -C -f';
    if (!known || path === undefined || args.length !== 9) throw notModelled('ssh-keygen', args);
    if (on.files.kind(path) !== 'absent') return failed(1, `${path} already exists.\nOverwrite (y/n)? `);
    const key = world.newSecret();
    on.files.write(path, { content: key, mode: 0o600 });
    on.files.write(`${path}.pub`, { content: `ssh-ed25519 ${key} ${comment}\n` });
    return succeeded();
  },
};
