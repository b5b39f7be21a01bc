import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { errorCode, readLocalFile } from './local-files.ts';
import { sshMachine } from './ssh.ts';

/**
 * Takes over a machine that Vagrant has just made: its host key is pinned, and it lets in the lab's key and no other.
 * Until then anybody in its networks can log in with Vagrant's key, which is public.
 */
export async function adopt(node: Node, directory: string, signal?: AbortSignal): Promise<void> {
  const publicKey = await readLocalFile(join(directory, 'id_ed25519.pub'));
  if (!publicKey) throw new Error(`the lab's key must be made before its machines: ${directory}/id_ed25519.pub`);
  const login = { node, directory, trustFirst: true };
  const own = sshMachine(login);
  await own.forget();
  own.close();
  const key = await firstThatOpens(node, directory);
  const open = sshMachine({ ...login, node: { ...node, key } });
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

/** The first of Vagrant's keys that the machine lets in. */
async function firstThatOpens(node: Node, directory: string): Promise<string> {
  const refused: unknown[] = [];
  for (const key of await vagrantKeys()) {
    const machine = sshMachine({ node: { ...node, key }, directory, trustFirst: true });
    try {
      await machine.look(['true']);
      return key;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      refused.push(error);
    } finally {
      machine.close();
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
