import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../engine/errors.ts';
import type { Artefact, Artefacts, Clock } from '../lab.ts';
import { checksumOf } from './checksums.ts';
import { download } from './download.ts';
import { fileDigest, hash, moveWithDigest } from './file-digest.ts';
import { errorCode, fileError } from './local-files.ts';
import { takePart } from './part-file.ts';

export interface ArtefactCacheOptions {
  /** Files are in `<directory>/<release>/`. */
  readonly directory: string;
  /** Files come from `<mirror>/<release>/`. */
  readonly mirror: string;
  /** Of the checksum file `sha256sum-<architecture>.txt`. */
  readonly architecture: string;
  readonly clock: Clock;
}

interface Wanted {
  readonly release: string;
  readonly file: string;
}

interface Cache extends ArtefactCacheOptions {
  /** What is being downloaded: asked for twice, it is downloaded once. */
  readonly running: Map<string, Promise<void>>;
}

/** RKE2's release files on this computer. A file is there when its SHA-256 is the one of the release's checksum file. */
export function artefactCache(options: ArtefactCacheOptions): Artefacts {
  const cache: Cache = { ...options, running: new Map() };
  return {
    find: async (release, file) => await find(cache, { release, file }),
    fetch: async (release, file, signal) =>
      await shared(cache, `${release}/${file}`, () => fetchFile(cache, { release, file }, signal)),
  };
}

/** A task that runs already is not begun again, but waited for. */
async function shared(cache: Cache, key: string, task: () => Promise<void>): Promise<void> {
  const running = cache.running.get(key) ?? task().finally(() => cache.running.delete(key));
  cache.running.set(key, running);
  await running;
}

async function find(cache: Cache, wanted: Wanted): Promise<Artefact | undefined> {
  const sums = await textOf(checksumPath(cache, wanted.release));
  const expected = sums === undefined ? undefined : checksumOf(sums, wanted.file);
  if (expected === undefined) return undefined;
  const path = join(cache.directory, wanted.release, wanted.file);
  const found = await fileDigest(path);
  return found?.sha256 === expected ? { file: wanted.file, path, ...found } : undefined;
}

async function fetchFile(cache: Cache, wanted: Wanted, signal: AbortSignal | undefined): Promise<void> {
  const expected = await expectedDigest(cache, wanted, signal);
  if (await find(cache, wanted)) return;
  const path = join(cache.directory, wanted.release, wanted.file);
  const part = await takePart(path);
  try {
    await download({
      url: urlOf(cache, wanted),
      path: part.path,
      size: part.size,
      clock: cache.clock,
      signal,
    });
  } catch (error) {
    await part.leave();
    throw error;
  }
  const arrived = await hash(part.path);
  if (arrived !== expected) throw await wrongDigest(cache, wanted, { part: part.path, expected, arrived });
  await moveWithDigest(part.path, path, arrived);
}

/** From the checksum file, downloaded when it is not there yet or does not know the file. */
async function expectedDigest(cache: Cache, wanted: Wanted, signal: AbortSignal | undefined): Promise<string> {
  const path = checksumPath(cache, wanted.release);
  const known = checksumOf((await textOf(path)) ?? '', wanted.file);
  if (known !== undefined) return known;
  await shared(cache, path, () => fetchChecksums(cache, wanted.release, signal));
  const digest = checksumOf((await textOf(path)) ?? '', wanted.file);
  if (digest !== undefined) return digest;
  throw new LabError(
    `${urlOf(cache, { release: wanted.release, file: checksumFile(cache) })} has no checksum of ${wanted.file}`,
    `check rke2.version, rke2.architecture and rke2.mirror in config.yaml`,
  );
}

async function fetchChecksums(cache: Cache, release: string, signal: AbortSignal | undefined): Promise<void> {
  const path = checksumPath(cache, release);
  await makeFolder(join(cache.directory, release));
  const part = await takePart(path);
  // A part of an older list would be a mixture.
  await rm(part.path, { force: true });
  const url = urlOf(cache, { release, file: checksumFile(cache) });
  await download({ url, path: part.path, size: part.size, clock: cache.clock, signal });
  await rename(part.path, path);
}

/** Nothing of it is kept; nor is the checksum file, which may be the one that is wrong. */
async function wrongDigest(
  cache: Cache,
  wanted: Wanted,
  { part, expected, arrived }: { readonly part: string; readonly expected: string; readonly arrived: string },
): Promise<LabError> {
  await Promise.all([part, checksumPath(cache, wanted.release)].map((path) => rm(path, { force: true })));
  const url = urlOf(cache, wanted);
  return new LabError(
    `${url} is not what its release says: SHA-256 ${arrived}, expected ${expected}; nothing of it is kept`,
    `run this command again; if it happens again, do not use this mirror: correct rke2.mirror in config.yaml`,
  );
}

function urlOf({ mirror }: Cache, { release, file }: Wanted): string {
  return `${mirror.replace(/\/+$/, '')}/${encodeURIComponent(release)}/${encodeURIComponent(file)}`;
}

function checksumFile({ architecture }: Cache): string {
  return `sha256sum-${architecture}.txt`;
}

function checksumPath(cache: Cache, release: string): string {
  return join(cache.directory, release, checksumFile(cache));
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileError(error, 'make', path);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  }
}
