import { createHash } from 'node:crypto';
import { createReadStream, type BigIntStats } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { errorCode, fileError, writeLocalFile } from './local-files.ts';

/** SHA-256 and size of a file. */
export interface FileDigest {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What proves that a file is still the one that was hashed: the change time cannot be set by hand. */
interface Seal {
  readonly state: string;
  readonly sha256: string;
}

/**
 * The digest of a file, or undefined where there is none. Hashing a gigabyte takes seconds, so the result is kept beside
 * the file (`.sha256-ok`) with its inode, size and times, and believed as long as these are the same.
 */
export async function fileDigest(path: string): Promise<FileDigest | undefined> {
  const before = await stateOf(path);
  if (!before) return undefined;
  const known = await sealOf(path);
  if (known?.state === before.state) return { sha256: known.sha256, size: before.size };
  const sha256 = await hash(path);
  const after = await stateOf(path);
  if (after?.state !== before.state) return await fileDigest(path);
  await keepSeal(path, { state: before.state, sha256 });
  return { sha256, size: before.size };
}

/** Moves a file that was found to have this digest, and keeps the digest: it is not hashed again where it went. */
export async function moveWithDigest(from: string, to: string, sha256: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    throw fileError(error, 'rename', from);
  }
  const moved = await stateOf(to);
  if (moved) await keepSeal(to, { state: moved.state, sha256 });
}

/** The SHA-256 of a file, read now. */
export async function hash(path: string): Promise<string> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(path), digest);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
  return digest.digest('hex');
}

async function stateOf(path: string): Promise<{ readonly state: string; readonly size: number } | undefined> {
  let stats: BigIntStats;
  try {
    stats = await stat(path, { bigint: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  }
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return { state: [dev, ino, size, mtimeNs, ctimeNs].join(' '), size: Number(size) };
}

async function keepSeal(path: string, content: Seal): Promise<void> {
  await writeLocalFile(sealPath(path), { content: JSON.stringify(content) });
}

function sealPath(path: string): string {
  return `${path}.sha256-ok`;
}

/** A seal that cannot be understood proves nothing: the file is hashed again. */
async function sealOf(path: string): Promise<Seal | undefined> {
  try {
    const seal: unknown = JSON.parse(await readFile(sealPath(path), 'utf8'));
    return isSeal(seal) ? seal : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', sealPath(path));
  }
}

function isSeal(value: unknown): value is Seal {
  if (typeof value !== 'object' || value === null) return false;
  return 'state' in value && typeof value.state === 'string' && 'sha256' in value && typeof value.sha256 === 'string';
}
