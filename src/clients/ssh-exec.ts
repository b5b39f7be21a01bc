import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, ClientChannel } from 'ssh2';
import { abortable } from './abortable.ts';
import { BrokenConnection, ChannelRefused } from './ssh-errors.ts';

/** A command line for the log-in shell of the machine, and what its standard input gets. */
export interface Exec {
  readonly command: string;
  /** A stream is opened once the program runs. */
  readonly stdin?: string | (() => Readable);
  readonly signal?: AbortSignal;
}

/** How it ended; `code` is undefined where a signal ended it. */
export interface Ended {
  readonly code: number | undefined;
  /** SIGKILL */
  readonly killedBy: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * Runs a command over a live connection. Throws ChannelRefused where it was not started, BrokenConnection where the
 * connection ended first, and the signal's reason once aborted: the program then loses its input and output, and most
 * end by that. (A signal cannot be sent: ssh2 has none once the input ended, and sshd may not send one to what runs as
 * root.)
 */
export async function execute(client: Client, { command, stdin, signal }: Exec): Promise<Ended> {
  signal?.throwIfAborted();
  const { channel, ended } = await start(client, command, stdin);
  const stop = () => channel.close();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await abortable(ended, signal);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

interface Started {
  readonly channel: ClientChannel;
  readonly ended: Promise<Ended>;
}

async function start(client: Client, command: string, stdin: Exec['stdin']): Promise<Started> {
  const started = Promise.withResolvers<Started>();
  try {
    client.exec(command, (error, channel) => {
      if (error) return started.reject(error);
      // Listened to at once: a short program's end arrives together with the news of its start.
      const ended = Promise.withResolvers<Ended>();
      end(channel).then(ended.resolve, ended.reject);
      // Where the program ended, it does not matter whether all was sent.
      send(channel, stdin).catch(ended.reject);
      started.resolve({ channel, ended: ended.promise });
    });
    return await started.promise;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw isRefusal(error)
      ? new ChannelRefused(message, { cause: error })
      : new BrokenConnection(message, { cause: error });
  }
}

/** The server's own answer has a number (RFC 4254, section 5.1); a channel that ended in another way has none. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'number';
}

async function end(channel: ClientChannel): Promise<Ended> {
  const closed = Promise.withResolvers<void>();
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let code: number | undefined;
  let killedBy: string | undefined;
  channel.on('data', (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  channel.on('exit', (exitCode: number | null, exitSignal?: string) => {
    code = exitCode ?? undefined;
    killedBy = exitSignal;
  });
  channel.on('close', () => closed.resolve());
  await closed.promise;
  if (code === undefined && killedBy === undefined)
    throw new BrokenConnection('it was closed before the program ended');
  return { code, killedBy, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
}

async function send(channel: ClientChannel, stdin: Exec['stdin']): Promise<void> {
  if (stdin === undefined || typeof stdin === 'string') {
    channel.end(stdin);
    return;
  }
  const source = stdin();
  let trouble: unknown;
  source.on('error', (error) => {
    trouble = error;
  });
  try {
    await pipeline(source, channel);
  } catch (error) {
    // A program that ends before it has read all is no trouble here: its exit code says why. A file that cannot be read is.
    if (trouble !== undefined && trouble === error) {
      channel.close();
      throw error;
    }
  }
}
