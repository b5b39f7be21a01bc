import type { HostState } from '../host-state.ts';
import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';

/** `id -u USER` */
export const machineId: Program<MachineState> = {
  name: 'id',
  changes: () => false,
  call: ({ on, args }) => {
    const [option, user] = args;
    if (option !== '-u' || user === undefined || args.length !== 2) throw notModelled('id', args);
    return on.users.has(user) ? succeeded('998\n') : failed(1, `id: '${user}': no such user\n`);
  },
};

/** `id -u` */
export const hostId: Program<HostState> = {
  name: 'id',
  changes: () => false,
  call: ({ on, args }) => {
    if (args.join(' ') !== '-u') throw notModelled('id', args);
    return succeeded(`${on.uid}\n`);
  },
};

/** `useradd -r -c COMMENT -s /sbin/nologin -M -U USER` */
export const useradd: Program<MachineState> = {
  name: 'useradd',
  changes: () => true,
  call: ({ on, args }) => {
    const [system, option, , shell, path, noHome, group, user] = args;
    const known = [system, option, shell, path, noHome, group].join(' ') === '-r -c -s /sbin/nologin -M -U';
    if (!known || user === undefined || args.length !== 8) throw notModelled('useradd', args);
    if (on.users.has(user)) return failed(9, `useradd: user '${user}' already exists\n`);
    on.users.add(user);
    return succeeded();
  },
};
