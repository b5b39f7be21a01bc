import type { Node } from '../config/schema.ts';
import type { FileTree } from './files.ts';
import type { Rke2Process } from './rke2-process.ts';
import type { UnitState } from './units.ts';

/** A block device as lsblk shows it. */
export interface Disk {
  readonly name: string;
  readonly type: 'disk' | 'part';
  /** Bytes. */
  readonly size: number;
  fstype: string | null;
  label: string | null;
  mountpoint: string | null;
  readonly children: readonly Disk[];
}

/** A network interface with its IPv4 address. */
export interface Link {
  readonly name: string;
  readonly address: string;
  readonly prefix: number;
}

/** A machine as it really is, whatever anybody believes of it. */
export interface MachineState {
  readonly name: string;
  readonly node: Node;
  owner: 'lab' | 'foreign';
  differs: readonly string[];
  running: boolean;
  /** False until its provider has finished it: what was left half made is made anew. */
  ready: boolean;
  /** Answers over SSH; false while it boots. */
  booted: boolean;
  /** Counts boots: connections and programs of an older one are gone. */
  boots: number;
  /** Made with the machine, in the form of known_hosts. */
  hostKey: string;
  /** What the sshd says to this lab's key. */
  login: 'open' | 'key-refused' | 'connection-refused';
  sudoNeedsPassword: boolean;
  readonly files: FileTree;
  links: readonly Link[];
  readonly disks: Disk[];
  /** Bytes of the system disk. */
  diskSize: number;
  /** Seconds that its clock is ahead. */
  skew: number;
  readonly sysctls: Map<string, string>;
  readonly packages: Set<string>;
  readonly units: Map<string, UnitState>;
  readonly journal: Map<string, string[]>;
  /** Listening sockets of programs that are no part of RKE2: port → program. */
  readonly listeners: Map<number, string>;
  readonly users: Set<string>;
  rke2: Rke2Process | undefined;
}

/** Bytes left on the system disk. */
export function bytesLeft(machine: MachineState): number {
  return machine.diskSize - machine.files.used();
}
