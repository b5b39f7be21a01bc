import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readLocalFile, writeLocalFile } from './local-files.ts';

/** What Vagrant keeps of the machines, in `.vagrant` beside the Vagrantfile. */
export interface VagrantFolder {
  /** The UUID of the machine's domain, as Vagrant believes. */
  uuid(machine: string): Promise<string | undefined>;
  /** Lets Vagrant know a machine again. */
  link(machine: string, uuid: string): Promise<void>;
  /** Forgets a machine; also the version of the box that an attempt was made with, which would otherwise stay chosen. */
  forget(machine: string): Promise<void>;
}

export function vagrantFolder(root: string): VagrantFolder {
  const folder = (machine: string) => join(root, '.vagrant', 'machines', machine);
  const idFile = (machine: string) => join(folder(machine), 'libvirt', 'id');
  return {
    uuid: async (machine) => (await readLocalFile(idFile(machine)))?.content.trim(),
    link: (machine, uuid) => writeLocalFile(idFile(machine), { content: uuid }),
    forget: (machine) => rm(folder(machine), { recursive: true, force: true }),
  };
}
