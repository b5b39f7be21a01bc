import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Node } from '../../src/config/schema.ts';
import { sshMachine, type SshMachine, type SshMachineOptions } from '../../src/clients/ssh.ts';
import { makeKey, nodeAt, startSshServer, type SshServer } from './ssh-server.ts';

const userKey = makeKey();

/** A server, the lab's folder with the key that it lets in, and machines to reach it; all gone when the test is. */
export interface SshLab {
  readonly server: SshServer;
  readonly directory: string;
  readonly hostKey: ReturnType<typeof makeKey>;
  machine(node?: Partial<Node>, options?: Partial<SshMachineOptions>): SshMachine;
}

export async function sshLab({ hostKey = makeKey(), port = 0 } = {}): Promise<SshLab> {
  const server = await startSshServer({ hostKey: hostKey.private, userKey: userKey.public, port });
  const directory = mkdtempSync(join(tmpdir(), 'rke2-lab-dir-'));
  writeFileSync(join(directory, 'id_ed25519'), userKey.private, { mode: 0o600 });
  const machines: SshMachine[] = [];
  onTestFinished(async () => {
    for (const machine of machines) machine.close();
    await server.close();
    rmSync(directory, { recursive: true });
  });
  return {
    server,
    directory,
    hostKey,
    machine(node = {}, options = {}) {
      const personalKnownHosts = join(directory, 'personal');
      const machine = sshMachine({
        node: nodeAt(server, node),
        directory,
        trustFirst: true,
        personalKnownHosts,
        ...options,
      });
      machines.push(machine);
      return machine;
    },
  };
}

/** What a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
