import { disk } from './disk.ts';
import type { HostCheck } from './host-check.ts';
import { kvm } from './kvm.ts';
import { libvirtSocket } from './libvirt-socket.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { plugin } from './plugin.ts';
import { pool } from './pool.ts';
import { subnet } from './subnet.ts';
import { vagrant } from './vagrant.ts';

/** Every check of the operator's computer: add yours here. */
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
