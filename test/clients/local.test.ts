import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localComputer } from '../../src/clients/local.ts';
import { LabError } from '../../src/engine/errors.ts';
import { failure } from './ssh-lab.ts';
import { temporaryFolder } from './temporary-folder.ts';

const host = localComputer();

test('a look answers with exit code and outputs as they are, in English, and with 127 for no such program', async () => {
  expect(await host.look(['sh', '-c', 'echo "$LC_ALL"; echo "$1" >&2; exit 3', 'sh', "it's $HOME"])).toEqual({
    code: 3,
    stdout: 'C\n',
    stderr: "it's $HOME\n",
  });
  expect(await host.look(['no-such-program'])).toMatchObject({ code: 127 });
  expect(await host.look(['/'])).toMatchObject({ code: 126 });
  expect(await host.look(['cat'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a run passes its input on and returns what was printed', async () => {
  expect(await host.run(['cat'], { stdin: 'secret é\n' })).toBe('secret é\n');
  expect(await host.run(['true'], { stdin: 'x'.repeat(3_000_000) })).toBe('');
});

test('a run that fails is an error with command, exit code and last words, not with its input', async () => {
  const error = await failure(host.run(['sh', '-c', 'echo why >&2; exit 9'], { stdin: 'token' }));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: "could not run `sh -c 'echo why >&2; exit 9'` on this computer: exit code 9\nwhy",
  });
  expect(JSON.stringify(error) + String(error)).not.toContain('token');
  expect(await failure(host.run(['no-such-program']))).toMatchObject({
    message: expect.stringContaining('no such program'),
  });
  expect(await failure(host.run(['sh', '-c', 'kill -9 $$']))).toMatchObject({
    message: expect.stringContaining('SIGKILL'),
  });
});

test('an aborted run ends its program and throws the reason', async () => {
  const stop = new AbortController();
  const reason = new Error('stopped');
  const running = host.run(['sleep', '1000'], { signal: stop.signal });
  stop.abort(reason);
  expect(await failure(running)).toBe(reason);
  expect(await failure(host.run(['true'], { signal: stop.signal }))).toBe(reason);
});

test('a file is written whole with its mode, and read with mode and owner', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'file');
  await host.writeFile(path, { content: 'é' });
  expect(await host.readFile(path)).toMatchObject({
    content: 'é',
    mode: 0o644,
    owner: expect.stringContaining(userInfo().username),
  });
  chmodSync(path, 0o600);
  await host.writeFile(path, { content: 'new', mode: 0o640 });
  expect(await host.readFile(path)).toMatchObject({ content: 'new', mode: 0o640 });
  expect(readdirSync(folder)).toEqual(['file']);
});

test('missing folders of a private file are private', async () => {
  const folder = temporaryFolder();
  await host.writeFile(join(folder, 'lab', 'token'), { content: 'x', mode: 0o600 });
  expect(statSync(join(folder, 'lab')).mode & 0o777).toBe(0o700);
  await host.writeFile(join(folder, 'public', 'file'), { content: 'x' });
  expect(statSync(join(folder, 'public')).mode & 0o077).not.toBe(0);
});

test('an absent file is undefined; a folder, and a path through a file, are errors', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'folder'));
  expect(await host.readFile(join(folder, 'absent'))).toBeUndefined();
  expect(await host.readFile(join(folder, 'file'))).toMatchObject({ content: '' });
  expect(await failure(host.readFile(join(folder, 'folder')))).toBeInstanceOf(LabError);
  expect(await failure(host.readFile(join(folder, 'file', 'x')))).toBeInstanceOf(LabError);
  expect(await failure(host.writeFile(join(folder, 'file', 'x'), { content: '' }))).toBeInstanceOf(LabError);
  expect(await failure(host.writeFile(join(folder, 'folder'), { content: '' }))).toBeInstanceOf(LabError);
  expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder']);
});

test('a removed file is gone, removing it again is no error, removing a folder is', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'file');
  writeFileSync(path, '');
  await host.removeFile(path);
  expect(existsSync(path)).toBe(false);
  await host.removeFile(path);
  expect(await failure(host.removeFile(folder))).toBeInstanceOf(LabError);
});

test('an aborted write leaves the old file', async () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, 'old');
  const reason = new Error('stopped');
  expect(await failure(host.writeFile(path, { content: 'new' }, AbortSignal.abort(reason)))).toBe(reason);
  expect(readFileSync(path, 'utf8')).toBe('old');
});
