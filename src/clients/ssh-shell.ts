import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Clock } from '../lab.ts';
import { systemClock } from './clock.ts';
import { quoteWord } from './shell-quote.ts';
import { sshChannels } from './ssh-channels.ts';
import type { Connection } from './ssh-connection.ts';
import { shellRefused } from './ssh-errors.ts';
import type { Ended } from './ssh-exec.ts';
import type { SshTarget } from './ssh-target.ts';

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

export function rootShell(target: SshTarget, connection: Connection, clock: Clock = systemClock): RootShell {
  const execute = sshChannels({ target, connection, clock });
  return async ({ script, as, stdin, signal }) => {
    const marker = randomBytes(16).toString('hex');
    // It proves that a shell was reached: what fails before is sudo's doing or the log-in's. And what stands before it is
    // not of the script: a log-in shell's start files may print.
    const text = `printf '%s\\n' ${marker}; printf '%s\\n' ${marker} >&2; ${script(marker)}`;
    const shell = target.user === 'root' ? 'sh' : 'env LC_ALL=C sudo -n sh';
    const request =
      as === 'stdin' ? { command: `${shell} -s`, stdin: text } : { command: `${shell} -c ${quoteWord(text)}`, stdin };
    const ended = await execute({ ...request, signal });
    const stdout = afterMarker(ended.stdout, marker);
    const stderr = afterMarker(ended.stderr, marker);
    if (stdout === undefined || stderr === undefined) throw shellRefused(target, ended);
    return { ...ended, marker, stdout, stderr };
  };
}

function afterMarker(output: Buffer, marker: string): Buffer | undefined {
  const start = output.indexOf(`${marker}\n`);
  return start === -1 ? undefined : output.subarray(start + marker.length + 1);
}
