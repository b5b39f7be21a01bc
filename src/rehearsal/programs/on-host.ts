import type { HostState } from '../host-state.ts';
import type { Program } from '../program.ts';
import { hostDate } from './date.ts';
import { hostDf } from './df.ts';
import { hostIp } from './ip.ts';
import { sshKeygen } from './ssh-keygen.ts';
import { debootstrap, iptables, systemdNspawn } from './nspawn.ts';
import { hostTest } from './test.ts';
import { hostId } from './users.ts';
import { vagrant } from './vagrant.ts';
import { virsh } from './virsh.ts';

const programs: readonly Program<HostState>[] = [
  debootstrap,
  hostDate,
  hostDf,
  hostId,
  hostIp,
  hostTest,
  iptables,
  sshKeygen,
  systemdNspawn,
  vagrant,
  virsh,
];

/** Every program that the rehearsed operator's computer has, by name. */
export const hostPrograms: ReadonlyMap<string, Program<HostState>> = new Map(
  programs.map((program) => [program.name, program]),
);
