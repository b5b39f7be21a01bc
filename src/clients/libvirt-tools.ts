import type { Node } from '../config/schema.ts';
import type { VagrantFolder } from './vagrant-folder.ts';
import type { Vagrant } from './vagrant.ts';
import type { Virsh } from './virsh.ts';

/** What the libvirt provider works with; tests give it others. */
export interface LibvirtTools {
  readonly virsh: Virsh;
  readonly vagrant: Vagrant;
  readonly folder: VagrantFolder;
  /** Lets in the lab's key and no other. */
  adopt(node: Node, signal?: AbortSignal): Promise<void>;
}
