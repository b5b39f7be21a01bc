import type { MachineState } from '../machine-state.ts';
import type { Program } from '../program.ts';
import { env } from './apt-get.ts';
import { machineDate } from './date.ts';
import { machineDf } from './df.ts';
import { dpkgQuery } from './dpkg-query.ts';
import { machineIp } from './ip.ts';
import { journalctl } from './journalctl.ts';
import { ln } from './ln.ts';
import { lsblk } from './lsblk.ts';
import { mkdir } from './mkdir.ts';
import { mkfs } from './mkfs.ts';
import { mount } from './mount.ts';
import { rke2 } from './rke2.ts';
import { ss } from './ss.ts';
import { stat } from './stat.ts';
import { sysctl } from './sysctl.ts';
import { systemctl } from './systemctl.ts';
import { tar } from './tar.ts';
import { machineTest } from './test.ts';
import { machineId, useradd } from './users.ts';

const programs: readonly Program<MachineState>[] = [
  ...[
    dpkgQuery,
    env,
    journalctl,
    ln,
    lsblk,
    machineDate,
    machineDf,
    machineId,
    machineIp,
    machineTest,
    mkdir,
    mkfs,
    mount,
  ],
  ...[rke2, ss, stat, sysctl, systemctl, tar, useradd],
];

/** Every program that a rehearsed machine has, by name. */
export const machinePrograms: ReadonlyMap<string, Program<MachineState>> = new Map(
  programs.map((program) => [program.name, program]),
);
