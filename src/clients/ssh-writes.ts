import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import type { Readable } from 'node:stream';
import { LabError } from '../engine/errors.ts';
import { quoteWord } from './shell-quote.ts';
import { BrokenConnection, unknownEffect } from './ssh-errors.ts';
import type { RootShell, ScriptEnded } from './ssh-shell.ts';
import { hostName, loginCommand, type SshTarget } from './ssh-target.ts';

/** By which the script says that what arrived is not what was sent. */
const WRONG_DIGEST = 65;

/** A file that is to be on a machine. */
export interface Delivery {
  readonly path: string;
  readonly content: string | (() => Readable);
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly mode: number;
  /** `user:group` */
  readonly owner: string;
  readonly signal?: AbortSignal;
}

/** Writes beside, compares the SHA-256 of what arrived, renames. One command; the old file stays until the new one is whole. */
export async function deliver(target: SshTarget, shell: RootShell, delivery: Delivery): Promise<void> {
  const { path, content, signal } = delivery;
  const ended = await once(target, `writing ${path}`, () =>
    shell({ script: () => deliveryScript(delivery), as: 'argument', stdin: content, signal }),
  );
  if (ended.code !== 0) throw deliveryError(target, delivery, ended);
}

/** Does something that must not be repeated; when the connection breaks nobody knows how it ended, and the error says so. */
export async function once<T>(target: SshTarget, what: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof BrokenConnection ? unknownEffect(target, what, error) : error;
  }
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function deliveryScript({ path, sha256: digest, mode, owner }: Delivery): string {
  const folder = quoteWord(dirname(path));
  const beside = quoteWord(`${dirname(path)}/.${basename(path)}.${randomBytes(6).toString('hex')}`);
  // A broken connection looks like the end of the file: only the digest tells a whole file from a part.
  return `LC_ALL=C; export LC_ALL
set -e
[ -d ${folder} ] || (umask 022; mkdir -p -- ${folder})
trap 'rm -f -- "$t"' EXIT
trap 'exit 129' HUP INT TERM PIPE
t=${beside}
umask 077
cat > "$t"
arrived=$(sha256sum < "$t")
if [ "\${arrived%% *}" != ${digest} ]; then printf '%s\\n' "\${arrived%% *}"; exit ${WRONG_DIGEST}; fi
chown -- ${quoteWord(owner)} "$t"
chmod -- ${mode.toString(8)} "$t"
mv -fT -- "$t" ${quoteWord(path)}
`;
}

function deliveryError(target: SshTarget, { path, size, sha256: digest }: Delivery, ended: ScriptEnded): LabError {
  const stderr = ended.stderr.toString('utf8').trim();
  const on = hostName(target);
  if (stderr.includes('No space left on device'))
    return new LabError(
      `could not write ${path} on ${on}: no space left on device, ${size} bytes are needed`,
      `see what fills it: ${loginCommand(target)} df -h ${dirname(path)}; make room or give the machine a larger disk`,
    );
  if (ended.code === WRONG_DIGEST)
    return new LabError(
      `${path} did not arrive whole on ${on}: SHA-256 ${ended.stdout.toString('utf8').trim()}, expected ${digest}; the old state is kept`,
      'run this command again; if it happens again, the disk or the network of the machine changes data',
    );
  const how = ended.code === undefined ? `ended by ${ended.killedBy}` : `exit code ${ended.code}`;
  return new LabError(
    `could not write ${path} on ${on}: ${stderr === '' ? how : stderr}`,
    `look at it: ${loginCommand(target)} ls -ld ${path} ${dirname(path)}`,
  );
}
