import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { takeLock } from '../../src/clients/lab-lock.ts';

let directory: string;
let file: string;

beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'rke2-lab-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  directory = join(home, '.lab/dev');
  file = join(directory, 'lock');
});

/** The lock of a run that was killed, with changes. */
async function leave(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const lock = await takeLock(directory);
  const holder = JSON.parse(readFileSync(file, 'utf8'));
  await lock.release();
  writeFileSync(file, JSON.stringify({ ...holder, ...changes }));
}

/** Id of a process that has ended. */
function deadPid(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
}

describe('the lock of a lab', () => {
  test('is for one run at a time, and for the next one after it', async () => {
    const first = await takeLock(directory);
    await expect(takeLock(directory)).rejects.toMatchObject({
      message: expect.stringContaining(
        `could not lock the lab: process ${process.pid} on ${hostname()} has worked on it since`,
      ),
      fix: `wait for it, or end it: kill ${process.pid}`,
    });
    await first.release();
    const second = await takeLock(directory);
    expect(second.takenOver).toBeUndefined();
    await second.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('and its directory are for the operator alone', async () => {
    const lock = await takeLock(directory);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    await lock.release();
  });

  test('of a process that has ended is taken over, which is said', async () => {
    const pid = deadPid();
    await leave({ pid });
    const lock = await takeLock(directory);
    expect(lock.takenOver).toBe(`took over the lock of process ${pid}, which has ended`);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('of a process whose id another one has now is taken over', async () => {
    await leave({ started: '1' });
    const lock = await takeLock(directory);
    expect(lock.takenOver).toContain(`process ${process.pid}`);
    await lock.release();
  });

  test('of another computer is never taken over', async () => {
    await leave({ pid: deadPid(), host: 'elsewhere' });
    await expect(takeLock(directory)).rejects.toMatchObject({ fix: `if that run has ended: rm ${file}` });
  });

  test('that was half written is taken over', async () => {
    await leave({});
    writeFileSync(file, '{"pid":');
    const lock = await takeLock(directory);
    expect(lock.takenOver).toBe('took over the lock of a run that broke off');
    await lock.release();
  });

  test('goes to one of many that find a left one at the same moment', async () => {
    await leave({ pid: deadPid() });
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(directory)));
    const got = tries.filter(({ status }) => status === 'fulfilled');
    expect(got).toHaveLength(1);
    const lost = tries.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.message)] : []));
    expect(lost.filter((message) => !message.startsWith('could not lock the lab'))).toEqual([]);
  });

  test('is no trouble when its directory is gone at the end: lab:down removes it', async () => {
    const lock = await takeLock(directory);
    rmSync(directory, { recursive: true });
    await expect(lock.release()).resolves.toBeUndefined();
  });
});
