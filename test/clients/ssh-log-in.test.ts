import { createServer, type AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { failure, sshLab } from './ssh-lab.ts';
import { makeKey } from './ssh-server.ts';

test('a refused key is an error that names user, key and how to let it in', async () => {
  const lab = await sshLab();
  writeFileSync(join(lab.directory, 'other'), makeKey().private);
  const error = await failure(lab.machine({ key: join(lab.directory, 'other') }).look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    transient: false,
    message: expect.stringMatching(
      /could not log in to dev-s1 \(lab@127\.0\.0\.1:\d+\) over SSH: user lab was refused with the key .*other/,
    ),
    fix: expect.stringContaining('ssh-copy-id -i'),
  });
});

test('a missing key, and one that is no key, are named', async () => {
  const lab = await sshLab();
  const missing = await failure(lab.machine({ key: join(lab.directory, 'none') }).look(['true']));
  expect(missing).toMatchObject({
    name: 'LabError',
    message: expect.stringMatching(/private key .*none does not exist/),
  });
  writeFileSync(join(lab.directory, 'odd'), 'not a key');
  const odd = await failure(lab.machine({ key: join(lab.directory, 'odd') }).look(['true']));
  expect(odd).toMatchObject({ name: 'LabError', message: expect.stringMatching(/private key .*odd is not usable/) });
});

test('a machine that does not listen is a transient error, and works once it does', async () => {
  const lab = await sshLab();
  const { port } = lab.server;
  const dev = lab.machine();
  await lab.server.close();
  const error = await failure(dev.look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    transient: true,
    message: expect.stringContaining(`127.0.0.1:${port}) over SSH: connection refused`),
  });
  await sshLab({ port, hostKey: lab.hostKey });
  expect(await dev.look(['true'])).toMatchObject({ code: 0 });
});

test('a machine that takes the connection and says nothing is an error in time', async () => {
  const lab = await sshLab();
  const silent = createServer((socket) => socket.on('error', () => {}));
  silent.listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const error = await failure(lab.machine({ port }, { connectSeconds: 0.05 }).look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ transient: true, message: expect.stringContaining('no answer in time') });
});

test('a machine that hangs up before the log-in is a transient error', async () => {
  const lab = await sshLab();
  const rude = createServer((socket) => socket.end());
  rude.listen(0, '127.0.0.1');
  await new Promise((resolve) => rude.once('listening', resolve));
  onTestFinished(() => void rude.close());
  const { port } = rude.address() as AddressInfo;
  const error = await failure(lab.machine({ port }).look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ transient: true });
});

test('sudo that wants a password is an error that says so, for reads and writes', async () => {
  const { server, machine } = await sshLab();
  server.program('sudo', 'echo "sudo: a password is required" >&2; exit 1');
  const dev = machine();
  for (const error of [await failure(dev.look(['true'])), await failure(dev.writeFile('/never/x', { content: '' }))]) {
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^sudo on dev-s1 .* wants a password: sudo: a password is required$/),
      fix: expect.stringContaining("echo 'lab ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/lab"),
    });
  }
});

test('a log-in without sudo or without a shell is an error, never an empty answer', async () => {
  const { server, machine } = await sshLab();
  server.program('sudo', 'echo "lab is not in the sudoers file." >&2; exit 1');
  expect(await failure(machine().look(['true']))).toMatchObject({
    message: expect.stringContaining('lab may not use sudo'),
  });
  server.program('sudo', 'exit 0');
  expect(await failure(machine().look(['true']))).toMatchObject({
    message: expect.stringContaining('could not start a shell'),
    fix: expect.stringMatching(/^try it by hand: ssh .* sudo -n id$/),
  });
});

test('sudo that wants a terminal is an error with the line of sudoers that frees the user from it', async () => {
  const { server, machine } = await sshLab();
  server.program('sudo', 'echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1');
  expect(await failure(machine().look(['true']))).toMatchObject({
    name: 'LabError',
    message: expect.stringMatching(
      /^sudo on dev-s1 .* wants a terminal \(requiretty\): sudo: sorry, you must have a tty/,
    ),
    fix: expect.stringContaining("echo 'Defaults:lab !requiretty' >> /etc/sudoers.d/lab"),
  });
});

test('a machine without sudo is an error that says how to install it', async () => {
  const { server, machine } = await sshLab();
  server.bashrc = 'env() { PATH=$HOME/empty /usr/bin/env "$@"; }';
  const dev = machine();
  expect(await failure(dev.run(['true']))).toMatchObject({
    name: 'LabError',
    message: expect.stringMatching(/^sudo is not installed on dev-s1 /),
    fix: expect.stringContaining('apt-get install -y sudo'),
  });
});

test('a log-in shell that lets nobody in is an error with what it said', async () => {
  const { server, machine } = await sshLab();
  server.bashrc = 'echo "This account is currently not available."; exit 1';
  expect(await failure(machine().look(['true']))).toMatchObject({
    name: 'LabError',
    message: expect.stringMatching(/^could not start a shell on dev-s1 .*: This account is currently not available\.$/),
    fix: expect.stringContaining('usermod -s /bin/bash lab'),
  });
  server.bashrc = 'exit 1';
  expect(await failure(machine().look(['true']))).toMatchObject({
    message: expect.stringMatching(/: it ended without a word$/),
    fix: expect.stringContaining('usermod -s /bin/bash lab'),
  });
});

test('what the log-in shell prints before the command is no part of any answer', async () => {
  const { server, machine } = await sshLab();
  server.bashrc = 'echo Welcome; echo "to lab" >&2';
  const dev = machine();
  expect(await Promise.all([dev.look(['echo', '{}']), dev.look(['sh', '-c', 'echo why >&2; exit 3'])])).toEqual([
    { code: 0, stdout: '{}\n', stderr: '' },
    { code: 3, stdout: '', stderr: 'why\n' },
  ]);
  expect(await dev.run(['echo', 'done'])).toBe('done\n');
  expect(await dev.run(['true'])).toBe('');
  const failed = await failure(dev.run(['sh', '-c', 'echo out; exit 9']));
  expect(failed).toMatchObject({ message: expect.stringMatching(/exit code 9\nout$/) });
});

test('twenty reads and writes at once share one connection and stay below its channels', async () => {
  const { server, machine } = await sshLab();
  const dev = machine();
  const outputs = await Promise.all(Array.from({ length: 20 }, (_, index) => dev.run(['echo', String(index)])));
  expect(outputs).toEqual(Array.from({ length: 20 }, (_, index) => `${index}\n`));
  expect(server.connections).toBe(1);
  expect(server.mostAtOnce).toBeLessThanOrEqual(8);
});
