import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { errorCode, readLocalFile } from './local-files.ts';
import { sshMachine, type SshMachine, type SshMachineOptions } from './ssh.ts';

/**
 * Takes over a machine that Vagrant has just made: its host key is pinned, and it lets in the lab's key and no other.
 * Until then anybody in its networks can log in with Vagrant's key, which is public.
 */
export async function adopt(node: Node, directory: string, signal?: AbortSignal): Promise<void> {
  const publicKey = await readLocalFile(join(directory, 'id_ed25519.pub'));
  if (!publicKey) throw new Error(`the lab's key must be made before its machines: ${directory}/id_ed25519.pub`);
  const login: SshMachineOptions = { node, directory, trustFirst: true };
  const own = sshMachine(login);
  await own.forget();
  own.close();
  const open = await firstThatOpens(login);
  try {
    const home = (await open.look(['getent', 'passwd', node.user])).stdout.split(':')[5];
    if (home === undefined) throw new Error(`${node.name} has no user ${node.user}, but it could log in`);
    const file = { content: publicKey.content, mode: 0o600, owner: `${node.user}:${node.user}` };
    await open.writeFile(`${home}/.ssh/authorized_keys`, file, signal);
  } finally {
    open.close();
  }
  const verified = sshMachine(login);
  try {
    await verified.look(['id', '-u']);
  } finally {
    verified.close();
  }
}

/** The machine, opened with the first of Vagrant's keys that it lets in. */
async function firstThatOpens(login: SshMachineOptions): Promise<SshMachine> {
  const { node } = login;
  const refused: unknown[] = [];
  for (const key of await vagrantKeys()) {
    const machine = sshMachine({ ...login, node: { ...node, key } });
    try {
      await machine.look(['true']);
      return machine;
    } catch (error) {
      machine.close();
      if (!(error instanceof LabError)) throw error;
      refused.push(error);
    }
  }
  throw new LabError(
    `could not log in to ${node.name} (${node.user}@${node.address}) with any of Vagrant's own keys`,
    "choose a box that lets Vagrant's public key in, as boxes do: machines.box in config.yaml",
    { cause: new AggregateError(refused) },
  );
}

async function vagrantKeys(): Promise<readonly string[]> {
  const home = process.env['VAGRANT_HOME'] ?? join(homedir(), '.vagrant.d');
  // Vagrant 2.4 has a folder of several, older ones one file.
  const several = join(home, 'insecure_private_keys');
  return [...(await namesIn(several)).map((name) => join(several, name)), join(home, 'insecure_private_key')];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
