import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../engine/errors.ts';
import { errorCode, fileError } from './local-files.ts';

/** Who works on a lab. */
interface Holder {
  readonly pid: number;
  /** When that process started, in clock ticks since boot: a process id alone is used again. */
  readonly started: string;
  readonly host: string;
  readonly since: string;
}

export interface LabLock {
  /** Said once: whose lock was left over, and is now ours. */
  readonly takenOver?: string;
  release(): Promise<void>;
}

/**
 * One run at a time may change a lab: `<lab directory>/lock`, made whole by a hard link, so that of two only one gets it.
 * The lock of a process that is dead is taken over; one of another computer never, since nobody here can know.
 */
export async function takeLock(directory: string): Promise<LabLock> {
  const file = join(directory, 'lock');
  const text = JSON.stringify(await ownHolder());
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const left = (await isTaken(file, text)) ? await takeOver(file, text) : undefined;
    return { ...(left && { takenOver: left }), release: () => release(file, text) };
  } catch (error) {
    throw error instanceof LabError ? error : fileError(error, 'write', file);
  }
}

async function isTaken(file: string, text: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, text, { mode: 0o600 });
  try {
    await link(own, file);
    return false;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return true;
    throw error;
  } finally {
    await unlink(own);
  }
}

/** Only one process at a time may throw away a lock that was left; nobody else removes one that is not its own. */
async function takeOver(file: string, text: string): Promise<string | undefined> {
  const gate = await openGate(file);
  try {
    const found = await readIfThere(file);
    const holder = found === undefined ? undefined : parse(found);
    if (holder && (await isAtWork(holder))) throw busy(file, holder);
    if (found !== undefined) await unlink(file);
    if (await isTaken(file, text)) throw busy(file, parse((await readIfThere(file)) ?? ''));
    if (found === undefined) return undefined;
    return `took over the lock of ${holder ? `process ${holder.pid}, which has ended` : 'a run that broke off'}`;
  } finally {
    gate.close();
  }
}

/** A name that only one process can have, and that the kernel frees when it dies. https://man7.org/linux/man-pages/man7/unix.7.html (abstract) */
async function openGate(file: string): Promise<Server> {
  const gate = createServer();
  gate.listen(`\0rke2-lab-${createHash('sha256').update(file).digest('hex')}`);
  try {
    await once(gate, 'listening');
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') throw busy(file, undefined);
    throw error;
  }
  return gate;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function busy(file: string, holder: Holder | undefined): LabError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host} has worked on it since ${holder.since}`
    : 'another run works on it';
  return new LabError(`could not lock the lab: ${who}`, fixOf(file, holder));
}

function fixOf(file: string, holder: Holder | undefined): string {
  if (!holder) return 'run this command again in a moment';
  return holder.host === hostname()
    ? `wait for it, or end it: kill ${holder.pid}`
    : `if that run has ended: rm ${file}`;
}

async function isAtWork({ pid, started, host }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  return (await startOf(pid)) === started;
}

/** Field 22 of /proc/PID/stat; undefined where there is no such process. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function ownHolder(): Promise<Holder> {
  const started = (await startOf(process.pid)) ?? '';
  return { pid: process.pid, started, host: hostname(), since: new Date().toISOString() };
}

/** Undefined for a file that no run has written whole. */
function parse(text: string): Holder | undefined {
  try {
    const { pid, started, host, since } = JSON.parse(text);
    return typeof pid === 'number' ? { pid, started, host, since } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function release(file: string, text: string): Promise<void> {
  try {
    // `lab:down` has removed the whole directory.
    if ((await readIfThere(file)) === text) await unlink(file);
  } catch (error) {
    throw fileError(error, 'remove', file);
  }
}
