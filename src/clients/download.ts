import { createWriteStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../engine/errors.ts';
import type { Clock } from '../lab.ts';
import { errorCode, fileError } from './local-files.ts';

/** Seconds before the next try; after the last one the error is final. A try that brought something on starts anew. */
const PAUSES = [1, 3, 9];
const NO_SUCH_RANGE = 416;
const PARTIAL = 206;

export interface Download {
  readonly url: string;
  /** Where the bytes are appended. */
  readonly path: string;
  size(): Promise<number>;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** The server may answer better in a while. */
class Passing extends Error {}

/** Brings the file on from where it is to its end; tries again where the network or the server failed. */
export async function download(request: Download): Promise<void> {
  let tries = 0;
  for (;;) {
    const before = await request.size();
    try {
      return await attempt(request, before);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      tries = (await request.size()) > before ? 0 : tries;
      const pause = PAUSES[tries];
      if (pause === undefined) throw unreachable(request.url, error);
      tries += 1;
      await request.clock.wait(pause, request.signal);
    }
  }
}

async function attempt({ url, path, signal }: Download, from: number): Promise<void> {
  const response = await ask(url, from, signal);
  const { status, body } = response;
  if (response.ok && body) {
    const goesOn = status === PARTIAL && response.headers.get('content-range')?.startsWith(`bytes ${from}-`);
    if (from > 0 && !goesOn) await truncate(path);
    await append(Readable.fromWeb(body), path, signal);
    return;
  }
  await body?.cancel();
  // All of it is here, or it is another file: the digest tells.
  if (status === NO_SUCH_RANGE) return;
  if (status >= 500 || status === 429) throw new Passing(`HTTP ${status}`);
  throw refused(url, status);
}

async function append(body: Readable, path: string, signal: AbortSignal | undefined): Promise<void> {
  let cut: unknown;
  body.on('error', (error) => {
    cut = error;
  });
  try {
    await pipeline(body, createWriteStream(path, { flags: 'a', mode: 0o600 }), { signal });
  } catch (error) {
    if (cut !== undefined && cut === error) throw new Passing(reasonOf(error), { cause: error });
    throw diskError(error, path);
  }
}

async function ask(url: string, from: number, signal: AbortSignal | undefined): Promise<Response> {
  const headers = from > 0 ? { range: `bytes=${from}-` } : undefined;
  try {
    return await fetch(url, { headers, signal });
  } catch (error) {
    throw new Passing(reasonOf(error), { cause: error });
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' ? (errorCode(cause) ?? error.message) : cause.message;
}

function refused(url: string, status: number): LabError {
  const fix =
    status === 404
      ? `there is no such file: check rke2.version and rke2.mirror in config.yaml; curl -fIL '${url}'`
      : `check rke2.mirror in config.yaml and the proxy settings; curl -fIL '${url}'`;
  return new LabError(`could not download ${url}: HTTP ${status}`, fix);
}

function unreachable(url: string, error: Passing): LabError {
  return new LabError(
    `could not download ${url}: ${error.message}`,
    `curl -fIL '${url}'   # is rke2.mirror in config.yaml right, and does a proxy stand in between? What was downloaded is kept`,
    { cause: error },
  );
}

function diskError(error: unknown, path: string): LabError {
  if (errorCode(error) !== 'ENOSPC') return fileError(error, 'write', path);
  return new LabError(
    `could not write ${path} on this computer: no space left on device`,
    `df -h ${dirname(path)}   # make room, then run this command again: it goes on from what is there`,
    { cause: error },
  );
}
