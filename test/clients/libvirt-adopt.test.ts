import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { adopt } from '../../src/clients/libvirt-adopt.ts';
import { makeKey, nodeAt, startSshServer } from './ssh-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hostKey = makeKey();
const vagrantKey = makeKey();
const otherKey = makeKey();
const labKey = makeKey();

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A machine that lets in one key, whatever is written into its authorized_keys. */
async function newMachine({ letsIn, vagrantHas }: { letsIn: string; vagrantHas: readonly string[] }) {
  const server = await startSshServer({ hostKey: hostKey.private, userKey: letsIn });
  onTestFinished(() => server.close());
  const home = temporaryFolder();
  mkdirSync(join(home, 'insecure_private_keys'));
  for (const [index, key] of vagrantHas.entries())
    writeFileSync(join(home, 'insecure_private_keys', `vagrant.key.${index}`), key);
  writeFileSync(join(home, 'insecure_private_key'), otherKey.private);
  vi.stubEnv('VAGRANT_HOME', home);
  const directory = temporaryFolder();
  writeFileSync(join(directory, 'id_ed25519'), labKey.private);
  writeFileSync(join(directory, 'id_ed25519.pub'), `${labKey.public} rke2-lab\n`);
  server.program('getent', `echo "vagrant:x:1000:1000::${server.folder}:/bin/bash"`);
  return {
    directory,
    node: nodeAt(server, { user: 'vagrant' }),
    authorizedKeys: join(server.folder, '.ssh/authorized_keys'),
  };
}

describe('a machine that Vagrant has just made', () => {
  it("is opened with whichever of Vagrant's keys it lets in, and then told to let in the lab's key and no other", async () => {
    const { directory, node, authorizedKeys } = await newMachine({
      letsIn: vagrantKey.public,
      vagrantHas: [otherKey.private, vagrantKey.private],
    });
    // The server keeps to its key, so the proof that comes last must fail.
    await expect(adopt(node, directory)).rejects.toThrow(
      `user vagrant was refused with the key ${directory}/id_ed25519`,
    );
    expect(readFileSync(authorizedKeys, 'utf8')).toBe(`${labKey.public} rke2-lab\n`);
  });

  it('has its host key pinned anew, in place of its predecessor’s', async () => {
    const { directory, node } = await newMachine({ letsIn: vagrantKey.public, vagrantHas: [vagrantKey.private] });
    const name = `[${node.address}]:${node.port}`;
    writeFileSync(join(directory, 'known_hosts'), `${name} ${makeKey().public}\nother ${otherKey.public}\n`);
    await expect(adopt(node, directory)).rejects.toThrow('was refused with the key');
    const pinned = readFileSync(join(directory, 'known_hosts'), 'utf8').split('\n').toSorted();
    expect(pinned).toEqual(['', `${name} ${hostKey.public}`, `other ${otherKey.public}`].toSorted());
  });

  it("is an error where none of Vagrant's keys opens it", async () => {
    const { directory, node, authorizedKeys } = await newMachine({
      letsIn: labKey.public,
      vagrantHas: [vagrantKey.private],
    });
    await expect(adopt(node, directory)).rejects.toThrow("with any of Vagrant's own keys");
    expect(existsSync(authorizedKeys)).toBe(false);
  });
});
