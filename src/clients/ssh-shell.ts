import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { abortable } from './abortable.ts';
import { quoteWord } from './shell-quote.ts';
import type { Connection } from './ssh-connection.ts';
import { slots } from './slots.ts';
import { shellRefused } from './ssh-errors.ts';
import { execute, type Ended } from './ssh-exec.ts';
import type { SshTarget } from './ssh-target.ts';

/** sshd takes ten channels a connection (MaxSessions); some are left for what else uses it. */
const CHANNELS = 8;

/** A script for a shell with the rights of root. */
export interface RootScript {
  /** Gets as its argument the marker of this script, which nothing else prints. */
  readonly script: (marker: string) => string;
  /** Where the script goes: 'argument' leaves standard input to `stdin`. */
  readonly as: 'argument' | 'stdin';
  readonly stdin?: string | (() => Readable);
  readonly signal?: AbortSignal;
}

export interface ScriptEnded extends Ended {
  readonly marker: string;
}

/** Runs scripts as root: as the log-in user, or through sudo. What keeps a shell from starting is a LabError. */
export type RootShell = (request: RootScript) => Promise<ScriptEnded>;

export function rootShell(target: SshTarget, connection: Connection): RootShell {
  const withSlot = slots(CHANNELS);
  return ({ script, as, stdin, signal }) =>
    withSlot(async () => {
      const marker = randomBytes(16).toString('hex');
      // Seen on stderr, it proves that a shell was reached: what fails before is sudo's doing or the log-in's.
      const text = `printf '%s\\n' ${marker} >&2; ${script(marker)}`;
      const shell = target.user === 'root' ? 'sh' : 'env LC_ALL=C sudo -n sh';
      const request =
        as === 'stdin' ? { command: `${shell} -s`, stdin: text } : { command: `${shell} -c ${quoteWord(text)}`, stdin };
      const client = await abortable(connection.open(), signal);
      const ended = await execute(client, { ...request, signal });
      return { ...ended, marker, stderr: afterMarker(target, ended.stderr, marker) };
    });
}

function afterMarker(target: SshTarget, stderr: Buffer, marker: string): Buffer {
  const start = stderr.indexOf(`${marker}\n`);
  if (start === -1) throw shellRefused(target, stderr.toString('utf8'));
  return stderr.subarray(start + marker.length + 1);
}
