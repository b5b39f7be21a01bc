import { controlGroups } from './control-groups.ts';
import { disk } from './disk.ts';
import type { HostCheck, NspawnWanted } from './host-check.ts';
import { inotify } from './inotify.ts';
import { kvm } from './kvm.ts';
import { libvirtSocket } from './libvirt-socket.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { nspawnPrograms } from './nspawn-programs.ts';
import { plugin } from './plugin.ts';
import { pool } from './pool.ts';
import { rootUser } from './root-user.ts';
import { nspawnSubnet, subnet } from './subnet.ts';
import { vagrant } from './vagrant.ts';

/** Every check of the operator's computer where libvirt makes the machines: add yours here. */
export const hostChecks: readonly HostCheck[] = [
  kvm,
  vagrant,
  plugin,
  libvirtSocket,
  pool,
  network,
  subnet,
  memory,
  disk,
];

/** And where they are containers of systemd-nspawn. */
export const nspawnChecks: readonly HostCheck<NspawnWanted>[] = [
  rootUser,
  nspawnPrograms,
  controlGroups,
  inotify,
  nspawnSubnet,
];
