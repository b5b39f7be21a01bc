import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import type { Artefact } from '../../src/lab.ts';
import { failure, sshLab, type SshLab } from './ssh-lab.ts';

/** A file of the operator's computer, ready to go. */
function artefact(lab: SshLab, content: string): Artefact {
  const path = join(lab.directory, 'artefact');
  writeFileSync(path, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { file: 'artefact', path, sha256, size: content.length };
}

/** A folder that what the server runs may write to. */
function openFolder(lab: SshLab, name = 'open'): string {
  const folder = join(lab.server.folder, name);
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  return folder;
}

test('a program gets its arguments and its input as they are, and its output is returned', async () => {
  const { machine } = await sshLab();
  const script = 'cat; printf "%s|" "$@"';
  const stdout = await machine().run(['sh', '-c', script, 'sh', "it's", '$x', 'a b', ''], { stdin: "secret é\n'" });
  expect(stdout).toBe("secret é\n'it's|$x|a b||");
});

test('a program that fails is an error with command, machine, exit code and last words, not with its input', async () => {
  const { machine } = await sshLab();
  const error = await failure(machine().run(['sh', '-c', 'cat >/dev/null; echo why >&2; exit 9'], { stdin: 'token' }));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: "could not run `sh -c 'cat >/dev/null; echo why >&2; exit 9'` on dev-s1: exit code 9\nwhy",
    fix: expect.stringContaining('sudo sh -c'),
  });
  expect(JSON.stringify(error)).not.toContain('token');
});

test('a program that does not exist and one that is killed say so', async () => {
  const { machine } = await sshLab();
  const dev = machine();
  expect(await failure(dev.run(['no-such-program']))).toMatchObject({
    message: expect.stringContaining('no such program'),
  });
  expect(await failure(dev.run(['sh', '-c', 'kill -9 $$']))).toMatchObject({
    message: expect.stringMatching(/ended by SIGKILL|exit code 137/),
  });
});

test('a program that does not read its input still ends with its own exit code', async () => {
  const { machine } = await sshLab();
  const error = await failure(machine().run(['sh', '-c', 'exec <&-; exit 4'], { stdin: 'x'.repeat(3_000_000) }));
  expect(error).toMatchObject({ message: expect.stringContaining('exit code 4') });
});

test('a write is never repeated: when the connection breaks, the error says that its effect is unknown', async () => {
  const { server, machine, directory } = await sshLab();
  server.onCommand = () => 'drop';
  const error = await failure(machine().run(['systemctl', 'start', 'rke2-server']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/broke during: systemctl start rke2-server; it is unknown whether it took effect/),
    fix: expect.stringContaining(`ssh -i ${directory}/id_ed25519`),
  });
  expect(server.commands).toHaveLength(1);
});

test('an aborted program loses its channel, the connection stays, and the reason is thrown', async () => {
  const { server, machine } = await sshLab();
  const stop = new AbortController();
  const started = Promise.withResolvers<void>();
  server.onCommand = () => {
    started.resolve();
    return 'hang';
  };
  const dev = machine();
  const running = dev.run(['sleep', '1000'], { signal: stop.signal });
  await started.promise;
  const reason = new Error('stopped by hand');
  stop.abort(reason);
  expect(await failure(running)).toBe(reason);
  server.onCommand = () => 'run';
  await dev.look(['true']);
  expect(server.cut).toEqual([server.commands[0]]);
  expect(server.connections).toBe(1);
});

test('what is aborted before it begins is not begun', async () => {
  const { server, machine } = await sshLab();
  await failure(machine().run(['true'], { signal: AbortSignal.abort(new Error('no')) }));
  expect(server.commands).toEqual([]);
});

test('a file is written whole, with mode and owner, in folders made for it, in one command', async () => {
  const lab = await sshLab();
  const path = join(openFolder(lab), 'new folder', "it's.yaml");
  await lab.machine().writeFile(path, { content: 'a: é\n', mode: 0o600 });
  expect(lab.server.commands).toHaveLength(1);
  expect(statSync(path).mode & 0o7777).toBe(0o600);
  expect(statSync(join(path, '..')).mode & 0o7777).toBe(0o755);
  expect(readdirSync(join(path, '..'))).toEqual(["it's.yaml"]);
  expect(readFileSync(join(lab.server.folder, 'chown.log'), 'utf8')).toBe('root:root\n');
  await lab.machine().writeFile(path, { content: '', owner: 'etcd:etcd' });
  expect(await lab.machine().readFile(path)).toMatchObject({ content: '', mode: 0o644 });
  expect(readFileSync(join(lab.server.folder, 'chown.log'), 'utf8')).toBe('root:root\netcd:etcd\n');
});

test('a file is not written over a folder', async () => {
  const lab = await sshLab();
  const folder = openFolder(lab);
  expect(await failure(lab.machine().writeFile(folder, { content: 'x' }))).toMatchObject({
    message: expect.stringContaining('cannot overwrite directory'),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a removed file is gone, and removing it again is no error', async () => {
  const lab = await sshLab();
  const path = join(openFolder(lab), 'file');
  writeFileSync(path, 'x');
  await lab.machine().removeFile(path);
  expect(existsSync(path)).toBe(false);
  await lab.machine().removeFile(path);
});

test('a large file arrives whole', async () => {
  const lab = await sshLab();
  const path = join(openFolder(lab), 'copy');
  const content = '0123456789'.repeat(600_000);
  await lab.machine().upload(artefact(lab, content), path);
  expect(readFileSync(path, 'utf8') === content).toBe(true);
});

test('a file that arrives changed is refused with both digests, and the old one stays', async () => {
  const lab = await sshLab();
  const folder = openFolder(lab);
  writeFileSync(join(folder, 'file'), 'old');
  const changed = { ...artefact(lab, 'content'), sha256: '0'.repeat(64) };
  const error = await failure(lab.machine().upload(changed, join(folder, 'file')));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/did not arrive whole .* SHA-256 ed7002b[0-9a-f]+, expected 0{64}/),
  });
  expect(readdirSync(folder)).toEqual(['file']);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
});

test('a full disk is an error with machine, path and the bytes needed, and leaves nothing', async () => {
  const lab = await sshLab();
  const folder = openFolder(lab);
  lab.server.program('cat', 'head -c 10; echo "cat: write error: No space left on device" >&2; exit 1');
  const error = await failure(lab.machine().upload(artefact(lab, 'x'.repeat(6_000_000)), join(folder, 'file')));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /could not write .*file on dev-s1 .*no space left on device, 6000000 bytes are needed/,
    ),
    fix: expect.stringContaining('df -h'),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a connection that breaks in the middle of a file leaves the old one', async () => {
  const lab = await sshLab();
  const folder = openFolder(lab);
  writeFileSync(join(folder, 'file'), 'old');
  // The reader is told of an end after ten bytes, as when the connection is cut.
  lab.server.program('cat', 'head -c 10');
  await failure(lab.machine().writeFile(join(folder, 'file'), { content: 'a much longer content' }));
  expect(readdirSync(folder)).toEqual(['file']);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
});

test('an artefact that is not on this computer is an error that names it', async () => {
  const lab = await sshLab();
  const path = join(lab.directory, 'missing');
  const error = await failure(lab.machine().upload({ file: 'f', path, sha256: '0'.repeat(64), size: 1 }, '/tmp/never'));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ message: expect.stringContaining(`could not read ${path} on this computer`) });
});
