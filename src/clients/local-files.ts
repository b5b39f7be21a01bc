import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../engine/errors.ts';
import type { NewFile, StoredFile } from '../lab.ts';

const PERMISSIONS = 0o7777;
const PUBLIC = 0o644;
const PRIVATE = 0o600;

/** The file, or undefined where there is none. */
export async function readLocalFile(path: string): Promise<StoredFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const { mode, uid, gid } = await handle.stat();
    return { content: await handle.readFile('utf8'), mode: mode & PERMISSIONS, owner: ownerName(uid, gid) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  } finally {
    await handle?.close();
  }
}

/** Written beside and renamed; missing folders are made, for a private file only the operator's. */
export async function writeLocalFile(path: string, file: NewFile, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (file.owner !== undefined && file.owner !== ownerName(process.getuid?.(), process.getgid?.()))
    throw new Error(`${path}: files of the operator's computer keep the operator as owner, not ${file.owner}`);
  const mode = file.mode ?? PUBLIC;
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: mode === PRIVATE ? 0o700 : 0o755 });
  } catch (error) {
    throw fileError(error, 'make the folder of', path);
  }
  try {
    await writeWhole(beside, file.content, mode);
    signal?.throwIfAborted();
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    signal?.throwIfAborted();
    throw fileError(error, 'write', path);
  }
}

/** One that is not there is no error. */
export async function removeLocalFile(path: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw fileError(error, 'remove', path);
  }
}

/** The `code` of a system error: ENOENT, EACCES. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Trouble with a file of the operator's computer, with what to do about it. */
export function fileError(error: unknown, verb: string, path: string): LabError {
  const fixes: Readonly<Record<string, string>> = {
    EACCES: `ls -ld ${path}   # it must belong to ${userInfo().username}`,
    EPERM: `ls -ld ${path}   # it must belong to ${userInfo().username}`,
    EISDIR: `ls -ld ${path}   # a file is expected there, not a folder`,
    ERR_FS_EISDIR: `ls -ld ${path}   # a file is expected there, not a folder`,
    ENOTDIR: `ls -ld ${dirname(path)}   # a folder is expected there`,
    ENOSPC: `df -h ${dirname(path)}   # the disk is full: make room, then run this command again`,
  };
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError(
    `could not ${verb} ${path} on this computer: ${reason}`,
    fixes[errorCode(error) ?? ''] ?? `ls -ld ${path}`,
    {
      cause: error,
    },
  );
}

async function writeWhole(path: string, content: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', PRIVATE);
  try {
    await handle.writeFile(content);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Names for the operator, numbers for others: names of others would need a look into the user database. */
function ownerName(uid: number | undefined, gid: number | undefined): string {
  const own = userInfo();
  const user = uid === own.uid ? own.username : uid;
  const group = gid === own.gid ? own.username : gid;
  return `${user}:${group}`;
}
