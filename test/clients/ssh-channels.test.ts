import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sshConnection } from '../../src/clients/ssh-connection.ts';
import { rootShell } from '../../src/clients/ssh-shell.ts';
import type { SshTarget } from '../../src/clients/ssh-target.ts';
import { deliver, once, sha256 } from '../../src/clients/ssh-writes.ts';
import type { Clock } from '../../src/lab.ts';
import { instantClock } from './instant-clock.ts';
import { failure, sshLab, type SshLab } from './ssh-lab.ts';

/** A shell on the lab's server whose waits are the clock's. */
function shellWith(lab: SshLab, clock: Clock) {
  const target: SshTarget = {
    name: 'dev-s1',
    address: '127.0.0.1',
    port: lab.server.port,
    user: 'lab',
    key: join(lab.directory, 'id_ed25519'),
    knownHosts: join(lab.directory, 'known_hosts'),
    personalKnownHosts: join(lab.directory, 'personal'),
    trustFirst: true,
  };
  const connection = sshConnection(target);
  onTestFinished(() => connection.close());
  return { target, shell: rootShell(target, connection, clock) };
}

test.for([1, 3])('where sshd allows %i session(s), everything is done once, as many at a time', async (maxSessions) => {
  const { server, machine } = await sshLab();
  server.maxSessions = maxSessions;
  const dev = machine();
  const words = Array.from({ length: 12 }, (_, index) => String(index));
  const outputs = await Promise.all(words.map((word) => dev.run(['echo', word])));
  expect(outputs).toEqual(words.map((word) => `${word}\n`));
  expect(server.commands).toHaveLength(12);
  expect(server.mostAtOnce).toBe(maxSessions);
  expect(server.connections).toBe(1);
  // It learns: later commands ask for no more than there is.
  const { refused } = server;
  expect(refused).toBeGreaterThan(0);
  await Promise.all(words.map((word) => dev.run(['echo', word])));
  expect(server.refused).toBe(refused);
});

test('a write that was refused a session is tried again, and done once', async () => {
  const lab = await sshLab();
  lab.server.maxSessions = 0;
  const clock = instantClock();
  const { target, shell } = shellWith(lab, {
    ...clock,
    wait: async (seconds, signal) => {
      await clock.wait(seconds, signal);
      if (clock.waits.length === 2) lab.server.maxSessions = 1;
    },
  });
  const path = join(lab.server.folder, 'file');
  const delivery = { path, content: 'new', sha256: sha256('new'), size: 3, mode: 0o644, owner: 'root:root' };
  await deliver(target, shell, delivery);
  expect(lab.server.commands).toHaveLength(1);
  expect(clock.waits).toHaveLength(2);
});

test('a machine that never allows a session is an error that names MaxSessions, and says that nothing ran', async () => {
  const lab = await sshLab();
  lab.server.maxSessions = 0;
  const clock = instantClock();
  const { target, shell } = shellWith(lab, clock);
  const write = once(target, 'removing a file', () => shell({ script: () => 'rm file', as: 'argument' }));
  expect(await failure(write)).toMatchObject({
    name: 'LabError',
    transient: false,
    message: expect.stringMatching(/^sshd on dev-s1 .* its MaxSessions is too low; nothing was started$/),
    fix: expect.stringContaining("echo 'MaxSessions 10' > /etc/ssh/sshd_config.d/00-max-sessions.conf"),
  });
  expect(lab.server.commands).toEqual([]);
  expect(clock.now()).toBeLessThan(10);
  expect(lab.server.refused).toBe(clock.waits.length + 1);
});

test('a wait for a session ends when it is aborted', async () => {
  const lab = await sshLab();
  lab.server.maxSessions = 0;
  const stop = new AbortController();
  const reason = new Error('stopped by hand');
  const clock = instantClock();
  const { shell } = shellWith(lab, {
    ...clock,
    wait: async (seconds, signal) => {
      stop.abort(reason);
      await clock.wait(seconds, signal);
    },
  });
  expect(await failure(shell({ script: () => 'true', as: 'argument', signal: stop.signal }))).toBe(reason);
  expect(clock.waits).toEqual([]);
  expect(lab.server.refused).toBe(1);
});
