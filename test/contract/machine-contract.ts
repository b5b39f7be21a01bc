import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import type { Artefact, Machine } from '../../src/lab.ts';

/** A machine that answers, with what a test needs beside it. */
export interface MachineWorld {
  readonly machine: Machine;
  /** A path as a lab has it, where this machine lets a test write. */
  at(path: string): string;
  /** `user:group` that a file may be given to there. */
  readonly owner: string;
  /** A file of the operator's computer that is ready to be uploaded. */
  readonly artefact: Artefact;
  /** Names of all files in a folder, however they came there. */
  filesIn(folder: string): readonly string[];
  /** Ends all connections, as a reboot does. */
  reboot(): void;
  /** Makes the machine anew: another host key. */
  reinstall(): Promise<void>;
  /** A machine of the lab on which nothing listens. */
  unreachable(): Promise<Machine>;
  /** A machine of the lab that does not take its key. */
  refused(): Promise<Machine>;
}

type Open = () => Promise<MachineWorld>;

/**
 * What every `Machine` holds to. Left out is what only one of them can show: a program that is not there is 127 on a real
 * machine and, but for rke2, a bug in the rehearsal; root of the rehearsal reads every file, so a file that may not be
 * read is one below a file here, and one of mode 0 in test/clients/ssh-reads.test.ts.
 */
export function machineContract(name: string, open: Open): void {
  describe(`the contract of a machine: ${name}`, () => {
    readingFiles(open);
    writingFiles(open);
    writingAtOddPlaces(open);
    looking(open);
    uploading(open);
    aborting(open);
    loggingIn(open);
  });
}

function readingFiles(open: Open): void {
  test('absent, a folder and what cannot be read are three answers', async () => {
    const { machine, at } = await open();
    await machine.writeFile(at('/etc/contract/file'), { content: 'x' });
    expect(await machine.readFile(at('/etc/contract/absent'))).toBeUndefined();
    expect(await machine.readFile(at('/etc/absent/file'))).toBeUndefined();
    for (const path of [at('/etc/contract'), at('/etc/contract/file/below')]) {
      const reading = machine.readFile(path);
      await expect(reading).rejects.toBeInstanceOf(LabError);
      await expect(reading).rejects.toMatchObject({ transient: false, message: expect.stringContaining(path) });
    }
  });

  test('a symbolic link is read through, and one that leads nowhere is absent', async () => {
    const { machine, at } = await open();
    await machine.writeFile(at('/etc/contract/file'), { content: 'x', mode: 0o600 });
    await machine.run(['ln', '-sfn', 'file', at('/etc/contract/link')]);
    expect(await machine.readFile(at('/etc/contract/link'))).toMatchObject({ content: 'x', mode: 0o600 });
    await machine.removeFile(at('/etc/contract/file'));
    expect(await machine.readFile(at('/etc/contract/link'))).toBeUndefined();
  });
}

const CONTENTS: readonly (readonly [what: string, content: string])[] = [
  ['that is empty', ''],
  ['without a last newline', 'a: 1'],
  ['with empty lines at its ends', '\n\na\r\n\n\n'],
  ['with quotes and signs of the shell', `it's "$HOME" \`id\` $(id) \\ ! * ~ %s\n'\n`],
  ['with other scripts', 'é 漢字 👩‍🚀 \u{2028}\n'],
  ['of a megabyte', `${'0123456789abcde\n'.repeat(2 ** 16)}end`],
];

function writingFiles(open: Open): void {
  test.each(CONTENTS)('a file %s is read as it was written', async (_, content) => {
    const { machine, at, filesIn } = await open();
    const path = at(`/etc/contract/it's a "$file" é.yaml`);
    await machine.writeFile(path, { content });
    // Compared here, for what is shown of a megabyte in an error is of no use.
    expect((await machine.readFile(path))?.content === content).toBe(true);
    expect((await machine.look(['stat', '-c', '%s', path])).stdout).toBe(`${Buffer.byteLength(content)}\n`);
    expect(filesIn(at('/etc/contract'))).toHaveLength(1);
  });

  test('a file has the mode and the owner that were asked for, 0644 unless said', async () => {
    const { machine, at, owner } = await open();
    const path = at('/etc/contract/file');
    for (const mode of [0o600, 0o755, 0o444]) {
      await machine.writeFile(path, { content: String(mode), mode, owner });
      expect(await machine.readFile(path)).toEqual({ content: String(mode), mode, owner });
    }
    await machine.writeFile(path, { content: 'x' });
    expect(await machine.readFile(path)).toMatchObject({ content: 'x', mode: 0o644 });
  });

  test('missing folders are made, and stay when the file is removed', async () => {
    const { machine, at } = await open();
    expect(await machine.look(['test', '-d', at('/etc/contract')])).toMatchObject({ code: 1 });
    await machine.writeFile(at('/etc/contract/one/two/file'), { content: 'x' });
    await machine.removeFile(at('/etc/contract/one/two/file'));
    for (const folder of ['/etc/contract', '/etc/contract/one', '/etc/contract/one/two'])
      expect(await machine.look(['test', '-d', at(folder)])).toMatchObject({ code: 0 });
  });

  test('a removed file is gone, and removing it again is no error', async () => {
    const { machine, at } = await open();
    const path = at('/etc/contract/file');
    await machine.writeFile(path, { content: 'x' });
    for (let times = 0; times < 2; times += 1) {
      await machine.removeFile(path);
      expect(await machine.readFile(path)).toBeUndefined();
    }
    await machine.removeFile(at('/etc/contract/no/such/file'));
  });

  test('many writes of one path at the same moment leave one of them whole', async () => {
    const { machine, at, filesIn } = await open();
    const path = at('/etc/contract/file');
    const files = [0o600, 0o640, 0o644, 0o700].map((mode) => ({ content: `${mode}\n`.repeat(20_000), mode }));
    await Promise.all(files.map((file) => machine.writeFile(path, file)));
    const left = await machine.readFile(path);
    const written = files.find(({ mode }) => mode === left?.mode);
    expect(left?.content === written?.content).toBe(true);
    expect(filesIn(at('/etc/contract'))).toEqual(['file']);
  });
}

function writingAtOddPlaces(open: Open): void {
  test('a folder is neither overwritten nor removed as a file, nor replaced by an upload', async () => {
    const { machine, at, artefact } = await open();
    const folder = at('/etc/contract/folder');
    await machine.writeFile(`${folder}/file`, { content: 'x' });
    await expect(machine.writeFile(folder, { content: 'y' })).rejects.toBeInstanceOf(LabError);
    await expect(machine.removeFile(folder)).rejects.toBeInstanceOf(LabError);
    await expect(machine.upload(artefact, folder)).rejects.toBeInstanceOf(LabError);
    expect(await machine.readFile(`${folder}/file`)).toMatchObject({ content: 'x' });
  });

  test('below a file nothing can be made, and there is nothing to remove', async () => {
    const { machine, at, artefact } = await open();
    const file = at('/etc/contract/file');
    await machine.writeFile(file, { content: 'x' });
    const below = `${file}/below/file`;
    await expect(machine.writeFile(below, { content: 'y' })).rejects.toBeInstanceOf(LabError);
    await expect(machine.upload(artefact, below)).rejects.toBeInstanceOf(LabError);
    await machine.removeFile(below);
    expect(await machine.readFile(file)).toMatchObject({ content: 'x' });
  });

  test('a symbolic link is replaced and removed itself, not what it leads to', async () => {
    const { machine, at } = await open();
    const [file, link] = [at('/etc/contract/file'), at('/etc/contract/link')];
    await machine.writeFile(file, { content: 'x' });
    await machine.run(['ln', '-sfn', 'file', link]);
    await machine.writeFile(link, { content: 'y' });
    expect(await machine.readFile(link)).toMatchObject({ content: 'y' });
    await machine.run(['ln', '-sfn', 'file', link]);
    await machine.removeFile(link);
    expect(await machine.readFile(link)).toBeUndefined();
    expect(await machine.readFile(file)).toMatchObject({ content: 'x' });
  });

  test('a file for a user that is not there is refused, and nothing is left of it', async () => {
    const { machine, at, filesIn } = await open();
    const path = at('/etc/contract/file');
    const file = { content: 'y', owner: 'no-such-user:no-such-user' };
    const writing = machine.writeFile(path, file);
    await expect(writing).rejects.toBeInstanceOf(LabError);
    await expect(writing).rejects.toThrow('no-such-user');
    expect(filesIn(at('/etc/contract'))).toEqual([]);
  });
}

function looking(open: Open): void {
  test('any exit code is an answer of look, with both outputs', async () => {
    const { machine, at } = await open();
    const [file, absent] = [at('/etc/contract/file'), at('/etc/contract/absent')];
    await machine.writeFile(file, { content: 'four' });
    const nothing = { code: 1, stdout: '', stderr: '' };
    expect(await machine.look(['test', '-e', file])).toEqual({ ...nothing, code: 0 });
    expect(await machine.look(['test', '-e', absent])).toEqual(nothing);
    expect(await machine.look(['test', '-d', at('/etc/contract')])).toEqual({ ...nothing, code: 0 });
    expect(await machine.look(['test', '-d', file])).toEqual(nothing);
    expect(await machine.look(['stat', '-c', '%s', file])).toEqual({ code: 0, stdout: '4\n', stderr: '' });
    expect(await machine.look(['stat', '-c', '%s', absent, file])).toEqual({
      code: 1,
      stdout: '4\n',
      stderr: expect.stringMatching(/^stat: .*absent'?: No such file or directory\n$/),
    });
  });

  test('a folder has a size too', async () => {
    const { machine, at } = await open();
    await machine.run(['mkdir', '-p', at('/etc/contract')]);
    const { code, stdout } = await machine.look(['stat', '-c', '%s', at('/etc/contract')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\n$/);
  });

  test('a program that is not there is 127', async () => {
    const { machine, at } = await open();
    expect(await machine.look([at('/usr/local/bin/rke2'), '--version'])).toMatchObject({
      code: 127,
      stdout: '',
      stderr: expect.stringContaining('not found'),
    });
  });

  test('an exit code other than 0 is an error of run, with what the program said', async () => {
    const { machine, at } = await open();
    const file = at('/etc/contract/file');
    expect(await machine.run(['mkdir', '-p', at('/etc/contract')])).toBe('');
    await machine.writeFile(file, { content: 'x' });
    const running = machine.run(['mkdir', '-p', file]);
    await expect(running).rejects.toBeInstanceOf(LabError);
    await expect(running).rejects.toThrow(
      `could not run \`mkdir -p ${file}\` on ${machine.name}: exit code 1\nmkdir: cannot create directory '${file}': File exists`,
    );
    await expect(machine.run(['mkdir', '-p', `${file}/below`])).rejects.toBeInstanceOf(LabError);
    expect(await machine.readFile(file)).toMatchObject({ content: 'x' });
  });

  test('many looks and reads at the same moment get each their own answer', async () => {
    const { machine, at } = await open();
    const sizes = [0, 1, 2, 3];
    const path = (size: number) => at(`/etc/contract/${size}`);
    await Promise.all(sizes.map((size) => machine.writeFile(path(size), { content: 'x'.repeat(size) })));
    const asked = Array.from({ length: 60 }, (_, index) => (index * 7) % 5);
    const answers = await Promise.all(
      asked.map(async (size) => {
        const [looked, file] = await Promise.all([
          machine.look(['stat', '-c', '%s', path(size)]),
          machine.readFile(path(size)),
        ]);
        return [looked.code, looked.stdout, file?.content];
      }),
    );
    expect(answers).toEqual(
      asked.map((size) => (size === 4 ? [1, '', undefined] : [0, `${size}\n`, 'x'.repeat(size)])),
    );
  });
}

function uploading(open: Open): void {
  test('an artefact arrives whole, in folders made for it, over what was there', async () => {
    const { machine, at, artefact, filesIn } = await open();
    const path = at('/var/lib/contract/images/file');
    for (let times = 0; times < 2; times += 1) {
      await machine.upload(artefact, path);
      expect(await machine.look(['stat', '-c', '%s', path])).toMatchObject({ stdout: `${artefact.size}\n` });
      expect(filesIn(at('/var/lib/contract/images'))).toEqual(['file']);
      await machine.writeFile(path, { content: 'old' });
    }
  });

  test('an artefact with another digest is refused, nothing is left of it, and what was there stays', async () => {
    const { machine, at, artefact, filesIn } = await open();
    const wrong = { ...artefact, sha256: '0'.repeat(64) };
    const [file, absent] = [at('/etc/contract/file'), at('/etc/contract/absent')];
    await machine.writeFile(file, { content: 'old' });
    for (const path of [file, absent]) {
      const refused = machine.upload(wrong, path);
      await expect(refused).rejects.toBeInstanceOf(LabError);
      await expect(refused).rejects.toThrow(/did not arrive whole .* expected 0{64}/);
    }
    expect(filesIn(at('/etc/contract'))).toEqual(['file']);
    expect(await machine.readFile(file)).toMatchObject({ content: 'old' });
  });
}

function aborting(open: Open): void {
  const writes = ({ machine, at, artefact }: MachineWorld, signal: AbortSignal) => [
    machine.writeFile(at('/etc/contract/file'), { content: 'new' }, signal),
    machine.removeFile(at('/etc/contract/file'), signal),
    machine.upload(artefact, at('/etc/contract/upload'), signal),
    machine.run(['mkdir', '-p', at('/etc/contract/folder')], { signal }),
  ];

  test.each(['before it begins', 'once it is asked for'])(
    'a write aborted %s gives the reason, and is not done',
    async (when) => {
      const world = await open();
      const { machine, at, filesIn } = world;
      await machine.writeFile(at('/etc/contract/file'), { content: 'old' });
      const stop = new AbortController();
      const reason = new Error('stopped by hand');
      if (when === 'before it begins') stop.abort(reason);
      const asked = Promise.allSettled(writes(world, stop.signal));
      stop.abort(reason);
      expect(await asked).toEqual(Array.from({ length: 4 }, () => ({ status: 'rejected', reason })));
      expect(filesIn(at('/etc/contract'))).toEqual(['file']);
      expect(await machine.readFile(at('/etc/contract/file'))).toMatchObject({ content: 'old' });
      expect(await machine.look(['test', '-e', at('/etc/contract/folder')])).toMatchObject({ code: 1 });
    },
  );
}

function loggingIn(open: Open): void {
  /** Why each call of a machine failed. */
  const failures = async (machine: Machine, { at, artefact }: MachineWorld) => {
    const path = at('/etc/contract/file');
    const asked = await Promise.allSettled([
      machine.look(['test', '-e', path]),
      machine.readFile(path),
      machine.run(['mkdir', '-p', path]),
      machine.writeFile(path, { content: 'x' }),
      machine.removeFile(path),
      machine.upload(artefact, path),
    ]);
    return asked.map((call) => (call.status === 'rejected' ? call.reason : undefined));
  };

  test('a machine on which nothing listens is a trouble that may pass, never an answer', async () => {
    const world = await open();
    const found = await failures(await world.unreachable(), world);
    for (const error of found) {
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({ transient: true, message: expect.stringContaining(world.machine.name) });
    }
  });

  test('a log-in that is refused does not pass by itself', async () => {
    const world = await open();
    const found = await failures(await world.refused(), world);
    for (const error of found) {
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({ transient: false, message: expect.stringContaining('refused with the key') });
    }
  });

  test('a machine that has rebooted answers again', async () => {
    const { machine, at, reboot } = await open();
    await machine.writeFile(at('/etc/contract/file'), { content: 'x' });
    reboot();
    expect(await machine.readFile(at('/etc/contract/file'))).toMatchObject({ content: 'x' });
  });

  test('another host key is refused for good, until the machine is forgotten', async () => {
    const { machine, at, reinstall } = await open();
    const look = () => machine.look(['test', '-e', at('/etc/contract')]);
    await look();
    await reinstall();
    const refused = look();
    await expect(refused).rejects.toBeInstanceOf(LabError);
    await expect(refused).rejects.toMatchObject({ transient: false, message: expect.stringContaining('host key') });
    await machine.forget();
    expect(await look()).toMatchObject({ code: 1 });
    await machine.forget();
  });
}
