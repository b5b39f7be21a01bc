import { chmod, chown, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Node } from '../config/schema.ts';
import type { Computer } from '../lab.ts';
import { readLocalFile } from './local-files.ts';
import { machineFolder, writeRecord } from './nspawn-folder.ts';

const GB = 1e9;
/** Of the only user in a fresh Debian. */
const FIRST_USER = 1000;

export interface NewMachine {
  readonly node: Node;
  /** The lab's own folder, with `id_ed25519.pub`. */
  readonly directory: string;
  readonly root: string;
  readonly host: Computer;
}

/** Makes a machine's folder: its files over the shared root, among them its host key and the lab's key, which alone opens it. */
export async function makeMachine({ node, directory, root, host }: NewMachine): Promise<void> {
  const publicKey = await readLocalFile(join(directory, 'id_ed25519.pub'));
  if (!publicKey) throw new Error(`the lab's key must be made before its machines: ${directory}/id_ed25519.pub`);
  const folder = machineFolder(directory, node.name);
  const upper = join(folder, 'upper');
  await mkdir(join(upper, 'etc', 'ssh'), { recursive: true });
  // Its own folder may be closed to others; what is its root directory may not.
  await chmod(folder, 0o700);
  await chmod(upper, 0o755);
  for (const name of ['work', 'root', 'volumes']) await mkdir(join(folder, name));
  await write(join(upper, 'etc', 'hostname'), `${node.name}\n`);
  await write(join(upper, 'etc', 'hosts'), `127.0.0.1 localhost\n127.0.1.1 ${node.name}\n`);
  await host.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', node.name, '-f', hostKeyFile(folder)]);
  const home = join(upper, 'home', node.user);
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  await write(join(home, '.ssh', 'authorized_keys'), publicKey.content);
  for (const path of [home, join(home, '.ssh'), join(home, '.ssh', 'authorized_keys')])
    await chown(path, FIRST_USER, FIRST_USER);
  await chmod(dirname(home), 0o755);
  if (node.dataDisk > 0) await makeDisk(diskFile(folder), node.dataDisk * GB);
  await writeRecord(folder, { root, dataDisk: node.dataDisk });
}

/** Private key; the public one has `.pub` behind it. */
export function hostKeyFile(folder: string): string {
  return join(folder, 'upper', 'etc', 'ssh', 'ssh_host_ed25519_key');
}

/** A file that takes room only where something was written. */
export function diskFile(folder: string): string {
  return join(folder, 'vdb.img');
}

async function makeDisk(file: string, size: number): Promise<void> {
  const disk = await open(file, 'wx', 0o600);
  try {
    await disk.truncate(size);
  } finally {
    await disk.close();
  }
}

async function write(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}
