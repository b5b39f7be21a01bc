import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { Artefact } from '../../src/lab.ts';
import { powerOn } from '../../src/rehearsal/boot.ts';
import type { World } from '../../src/rehearsal/world.ts';
import { sshLab } from '../clients/ssh-lab.ts';
import { makeKey } from '../clients/ssh-server.ts';
import { openFour } from '../rehearsal/installed.ts';
import { machineContract, type MachineWorld } from './machine-contract.ts';

machineContract('over SSH', overSsh);
machineContract('rehearsed', rehearsed);

/** The real sh behind a real SSH server, in a folder of its own that stands for the root of a machine. */
async function overSsh(): Promise<MachineWorld> {
  const lab = await sshLab();
  const { server, directory } = lab;
  const machine = lab.machine();
  const at = (path: string) => join(server.folder, path);
  // Only root may give files away: what is for root stays with who runs the tests.
  server.program('chown', '[ "$2" = root:root ] || exec /bin/chown "$@"');
  return {
    machine,
    at,
    owner: ownerThere(),
    artefact: artefactIn(directory),
    filesIn: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
    reboot: () => {
      server.onCommand = () => {
        server.onCommand = () => 'run';
        return 'drop';
      };
    },
    reinstall: async () => {
      const { port } = server;
      await server.close();
      await sshLab({ port });
    },
    unreachable: async () => {
      await server.close();
      return machine;
    },
    refused: async () => {
      const key = join(directory, 'other');
      writeFileSync(key, makeKey().private);
      return lab.machine({ key });
    },
  };
}

/** The server runs programs as nobody where the tests are run by root. */
function ownerThere(): string {
  const user = process.getuid?.() === 0 ? ['nobody'] : [];
  const [name, group] = ['-un', '-gn'].map((option) =>
    execFileSync('id', [option, ...user], { encoding: 'utf8' }).trim(),
  );
  return `${name}:${group}`;
}

function artefactIn(directory: string): Artefact {
  const path = join(directory, 'artefact');
  const content = '0123456789'.repeat(50_000);
  writeFileSync(path, content);
  return { file: 'artefact', path, sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
}

async function rehearsed(): Promise<MachineWorld> {
  const { lab, world } = openFour();
  const release = world.config.rke2.version;
  world.host.files.write(`${lab.directory}/id_ed25519`, { content: 'a key', mode: 0o600 });
  boot(world);
  await lab.artefacts.fetch(release, 'rke2.linux-amd64.tar.gz');
  const artefact = await lab.artefacts.find(release, 'rke2.linux-amd64.tar.gz');
  const machine = lab.machine('dev-s1');
  const state = () => world.machines.get('dev-s1')!;
  state().users.add('etcd');
  return {
    machine,
    at: (path) => path,
    owner: 'etcd:etcd',
    artefact: artefact!,
    filesIn: (folder) =>
      state()
        .files.under(folder)
        .map((path) => path.slice(folder.length + 1)),
    reboot: () => {
      powerOn(world, state());
      state().booted = true;
    },
    reinstall: async () => boot(world),
    unreachable: async () => {
      state().login = 'connection-refused';
      return machine;
    },
    refused: async () => {
      state().login = 'key-refused';
      return machine;
    },
  };
}

/** A machine as it comes out of its box, up. */
function boot(world: World): void {
  const machine = world.create('dev-s1');
  powerOn(world, machine);
  machine.ready = true;
  machine.booted = true;
}
