import { readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, fileError } from './local-files.ts';

/** The part of a download that belongs to this process alone. */
export interface PartFile {
  readonly path: string;
  /** Bytes that are there. */
  size(): Promise<number>;
  /** Leaves it for the next run, which goes on from it. */
  leave(): Promise<void>;
}

/**
 * Takes the largest part that an ended run left of this file, by renaming: of two runs at once only one gets it, the
 * other starts at zero. A part in use is called `.part.<pid>`, one that was left `.part`.
 */
export async function takePart(file: string): Promise<PartFile> {
  const path = `${file}.part.${process.pid}`;
  for (const left of await leftParts(file)) {
    if (left === path || (await renamed(left, path))) break;
  }
  return {
    path,
    size: async () => (await sizeOf(path)) ?? 0,
    leave: async () => void (await renamed(path, `${file}.part`)),
  };
}

async function leftParts(file: string): Promise<readonly string[]> {
  const folder = dirname(file);
  const prefix = `${basename(file)}.part`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && isLeft(name.slice(prefix.length)));
  const sized = await Promise.all(
    names.map(async (name) => ({ name, size: (await sizeOf(join(folder, name))) ?? -1 })),
  );
  return sized.toSorted((one, other) => other.size - one.size).map(({ name }) => join(folder, name));
}

function isLeft(suffix: string): boolean {
  if (suffix === '') return true;
  const pid = Number(/^\.(\d+)$/.exec(suffix)?.[1] ?? Number.NaN);
  return pid === process.pid || (Number.isInteger(pid) && !isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    return errorCode(error) === 'EPERM';
  }
}

/** False where another run was faster. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw fileError(error, 'rename', from);
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  }
}
