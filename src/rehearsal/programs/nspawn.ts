import type { HostState } from '../host-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';

/** `systemd-nspawn --version` */
export const systemdNspawn = versionOf('systemd-nspawn', 'systemd 252 (252.39-1~deb12u1)');

/** `debootstrap --version` */
export const debootstrap = versionOf('debootstrap', 'debootstrap 1.0.128');

/** `iptables --version` */
export const iptables = versionOf('iptables', 'iptables v1.8.9 (nf_tables)');

function versionOf(name: string, version: string): Program<HostState> {
  return {
    name,
    changes: () => false,
    call: ({ args }) => {
      if (args.join(' ') !== '--version') throw notModelled(name, args);
      return succeeded(`${version}\n`);
    },
  };
}
