import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { failure, sshLab } from './ssh-lab.ts';

test('reads asked for in one turn go to the machine as one command, each with its own answer', async () => {
  const { server, machine } = await sshLab();
  const dev = machine();
  writeFileSync(join(server.folder, 'file'), 'content');
  const [echo, fails, missing, file, nothing] = await Promise.all([
    dev.look(['echo', 'one']),
    dev.look(['sh', '-c', 'echo out; echo err >&2; exit 3']),
    dev.look(['no-such-program', 'x']),
    dev.readFile(join(server.folder, 'file')),
    dev.look(['true']),
  ]);
  expect(echo).toEqual({ code: 0, stdout: 'one\n', stderr: '' });
  expect(fails).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  expect(missing.code).toBe(127);
  expect(file).toMatchObject({ content: 'content' });
  expect(nothing).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(server.commands).toHaveLength(1);
  expect(server.commands[0]).toBe('env LC_ALL=C sudo -n sh -s');
  await dev.look(['true']);
  expect(server.commands).toHaveLength(2);
  expect(server.connections).toBe(1);
});

test('root needs no sudo', async () => {
  const { server, machine } = await sshLab();
  await machine({ user: 'root' }).look(['true']);
  expect(server.commands).toEqual(['sh -s']);
});

test('a read cannot end, move or eat the rest of its batch', async () => {
  const { machine } = await sshLab();
  const dev = machine();
  // More than the shell takes in at once, so that there is something left to eat.
  const rest = 'x'.repeat(100_000);
  const [exits, moves, eats, long, last] = await Promise.all([
    dev.look(['exit', '7']),
    dev.look(['cd', '/']),
    dev.look(['cat']),
    dev.look(['echo', rest]),
    dev.look(['pwd']),
  ]);
  expect(long.stdout === `${rest}\n`).toBe(true);
  expect([exits.code, moves.code, eats]).toEqual([7, 0, { code: 0, stdout: '', stderr: '' }]);
  expect(last.stdout).not.toBe('/\n');
});

test('odd arguments arrive as they are, and outputs come back as they are', async () => {
  const { machine } = await sshLab();
  const words = ['', ' ', "'", '"', '$HOME', '`id`', '\\', '\n', 'é☂', '-n', '*', 'a=b', '!!', '~'];
  const { stdout } = await machine().look(['printf', '%s\\0', ...words]);
  expect(stdout.split('\0')).toEqual([...words, '']);
});

test('five megabytes of output come whole', async () => {
  const { machine } = await sshLab();
  const { stdout } = await machine().look(['sh', '-c', "head -c 5000000 /dev/zero | tr '\\0' x"]);
  expect(stdout === 'x'.repeat(5_000_000)).toBe(true);
});

test('a file comes with mode and owner, through a symbolic link too, with odd names and no last newline', async () => {
  const { server, machine } = await sshLab();
  const path = join(server.folder, "it's a $name");
  writeFileSync(path, 'first\n\nlast \\0 é');
  chmodSync(path, 0o604);
  symlinkSync(path, join(server.folder, 'link'));
  const dev = machine();
  const file = await dev.readFile(path);
  expect(file).toMatchObject({ content: 'first\n\nlast \\0 é', mode: 0o604 });
  expect(file?.owner).toMatch(/^\w+:\w+$/);
  expect(await dev.readFile(join(server.folder, 'link'))).toEqual(file);
});

test('an empty file is a file, an absent one is undefined, /proc has files too', async () => {
  const { server, machine } = await sshLab();
  writeFileSync(join(server.folder, 'empty'), '');
  symlinkSync('nowhere', join(server.folder, 'dangling'));
  const dev = machine();
  expect(await dev.readFile(join(server.folder, 'empty'))).toMatchObject({ content: '' });
  expect(await dev.readFile(join(server.folder, 'absent'))).toBeUndefined();
  expect(await dev.readFile(join(server.folder, 'no', 'folder'))).toBeUndefined();
  expect(await dev.readFile(join(server.folder, 'dangling'))).toBeUndefined();
  expect((await dev.readFile('/proc/sys/kernel/random/boot_id'))?.content).toMatch(/^[0-9a-f-]{36}\n$/);
});

test('a folder and a file that may not be read are errors, not absent', async () => {
  const { server, machine } = await sshLab();
  mkdirSync(join(server.folder, 'folder'));
  writeFileSync(join(server.folder, 'secret'), 'x', { mode: 0 });
  const dev = machine();
  const [folder, secret] = await Promise.all([
    failure(dev.readFile(join(server.folder, 'folder'))),
    failure(dev.readFile(join(server.folder, 'secret'))),
  ]);
  expect(folder).toBeInstanceOf(LabError);
  expect(folder).toHaveProperty(
    'message',
    expect.stringMatching(/could not read .*folder on dev-s1 .*: it is a folder$/),
  );
  expect(secret).toBeInstanceOf(LabError);
  expect(secret).toHaveProperty('message', expect.stringContaining('Permission denied'));
});

test('a read is repeated once after the connection broke, on a new connection', async () => {
  const { server, machine } = await sshLab();
  const dev = machine();
  await dev.look(['true']);
  let cuts = 1;
  server.onCommand = () => (cuts-- > 0 ? 'drop' : 'run');
  expect(await dev.look(['echo', 'back'])).toMatchObject({ stdout: 'back\n' });
  expect(server.connections).toBe(2);
});

test('a read that breaks twice is an error that may pass', async () => {
  const { server, machine } = await sshLab();
  server.onCommand = () => 'drop';
  const error = await failure(machine().look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ transient: true, message: expect.stringContaining('broke twice') });
  expect(server.commands).toHaveLength(2);
});

test('a closed machine connects anew when used again', async () => {
  const { server, machine } = await sshLab();
  const dev = machine();
  await dev.run(['true']);
  dev.close();
  await dev.run(['true']);
  expect(server.connections).toBe(2);
});
