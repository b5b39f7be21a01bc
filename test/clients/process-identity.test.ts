import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAlive, readIdentity } from '../../src/clients/process-identity.ts';

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const started =
  readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19] ?? '';
const own = { pid: process.pid, started, boot };

test('a process is alive while its number, its start and the boot are those that were noted', async () => {
  expect(await isAlive(own)).toBe(true);
  expect(await isAlive({ ...own, started: `${Number(started) - 1}` })).toBe(false);
  expect(await isAlive({ ...own, boot: '00000000-0000-0000-0000-000000000000' })).toBe(false);
  expect(await isAlive({ ...own, pid: 2 ** 30 })).toBe(false);
});

test('a note is read as it was written, and a torn one is none', () => {
  expect(readIdentity(`${own.pid} ${started} ${boot}\n`)).toEqual(own);
  for (const torn of ['', `${own.pid}`, `${own.pid} ${started} ${boot.slice(1)}`])
    expect(readIdentity(torn)).toBeUndefined();
});
