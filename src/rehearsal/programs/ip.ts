import type { HostState } from '../host-state.ts';
import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `ip -j -4 addr show` */
export const machineIp: Program<MachineState> = {
  name: 'ip',
  changes: () => false,
  call: ({ on, args }) => {
    if (args.join(' ') !== '-j -4 addr show') throw notModelled('ip', args);
    const links = on.links.map(({ name, address, prefix }, index) => ({
      ifindex: index + 1,
      ifname: name,
      operstate: 'UP',
      addr_info: [{ family: 'inet', local: address, prefixlen: prefix }],
    }));
    return succeeded(JSON.stringify(links));
  },
};

/** `ip -j -4 route show`, `ip -V` */
export const hostIp: Program<HostState> = {
  name: 'ip',
  changes: () => false,
  call: ({ on, args }) => {
    if (args.join(' ') === '-V') return succeeded('ip utility, iproute2-6.1.0\n');
    if (args.join(' ') !== '-j -4 route show') throw notModelled('ip', args);
    return succeeded(JSON.stringify(on.routes.map((route) => ({ ...route, flags: [] }))));
  },
};
