import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machineFolder, markReady, writeRecord } from '../../src/clients/nspawn-folder.ts';
import { nspawnProvider } from '../../src/clients/nspawn.ts';
import { parseConfig } from '../../src/config/load.ts';
import { done, fakeComputer } from './fake-computer.ts';
import { instantClock } from './instant-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const config = parseConfig('machines: { provider: nspawn, size: staging }', '/home/me/lab/config.yaml');

/** The words of `nspawn/machine.sh`, for this very process. */
function ownIdentity(): string {
  const started = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19];
  return `${process.pid} ${started} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')}`;
}

function provider(directory: string) {
  const host = fakeComputer((command) => (command === 'ip -j link show type bridge' ? done('[]') : undefined));
  const root = () => Promise.reject(new Error('no machine is to be made'));
  return nspawnProvider({ config, directory }, { config, directory, host, clock: instantClock(), root });
}

function machineFolderIn(directory: string, name: string): string {
  const folder = join(directory, 'machines', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

test('a lab without a folder has no machines', async () => {
  const lab = provider(join(temporaryFolder(), 'none'));
  expect([await lab.list(), await lab.owned()]).toEqual([[], []]);
});

test('a machine runs once somebody could log in since its start; half made, dead or booting, it is stopped', async () => {
  const directory = temporaryFolder();
  const stateOf = async (name: string) => (await provider(directory).list()).find((one) => one.name === name)?.state;
  const folder = machineFolderIn(directory, 'dev-s1');
  expect(await stateOf('dev-s1')).toBe('stopped');
  await writeRecord(folder, { root: '/cache/root', dataDisk: 0 });
  writeFileSync(join(folder, 'pid'), ownIdentity());
  expect(await stateOf('dev-s1')).toBe('stopped');
  await markReady(folder);
  expect(await stateOf('dev-s1')).toBe('running');
  const dead = ownIdentity().replace(/ \d+ /, ' 1 ');
  writeFileSync(join(folder, 'pid'), dead);
  writeFileSync(join(folder, 'ready'), dead);
  expect(await stateOf('dev-s1')).toBe('stopped');
});

test('a disk that config.yaml does not want is a difference, in words', async () => {
  const directory = temporaryFolder();
  await writeRecord(machineFolderIn(directory, 'dev-s1'), { root: '/cache/root', dataDisk: 50 });
  expect(await provider(directory).list()).toMatchObject([{ differs: ['a data disk of 50 GB, wanted 0 GB'] }]);
});

test('what is removed is the machine that was named, also one that config.yaml no longer has', async () => {
  // Two folders down: whatever goes wrong here stays in the folder of the test.
  const directory = join(temporaryFolder(), 'home', 'lab');
  const lab = provider(directory);
  const kept = join(directory, 'kept');
  mkdirSync(kept, { recursive: true });
  for (const name of ['dev-s1', 'dev-s9'])
    await writeRecord(machineFolderIn(directory, name), { root: '/r', dataDisk: 0 });
  expect(await lab.owned()).toEqual([
    { kind: 'machine', name: 'dev-s1' },
    { kind: 'machine', name: 'dev-s9' },
  ]);
  await lab.remove([
    { kind: 'machine', name: 'dev-s9' },
    { kind: 'machine', name: '../kept' },
    { kind: 'network', name: 'docker0' },
  ]);
  expect(await lab.owned()).toEqual([{ kind: 'machine', name: 'dev-s1' }]);
  expect(existsSync(kept)).toBe(true);
});

test('a name that leads out of the folder of machines is the name of none', () => {
  for (const name of ['..', '../kept', 'a/b', '', '.'])
    expect(() => machineFolder('/lab', name)).toThrow('not the name');
  expect(machineFolder('/lab', 'dev-s1')).toBe('/lab/machines/dev-s1');
});

test('to stop machines that are off is nothing', async () => {
  const directory = temporaryFolder();
  await writeRecord(machineFolderIn(directory, 'dev-s1'), { root: '/r', dataDisk: 0 });
  await provider(directory).stop(['dev-s1']);
  expect(await provider(directory).list()).toMatchObject([{ state: 'stopped' }]);
});
