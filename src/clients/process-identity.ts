import { readFile } from 'node:fs/promises';
import { errorCode } from './local-files.ts';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in clock ticks since boot. */
  readonly started: string;
  /** Of the computer's boot. */
  readonly boot: string;
}

/** Reads `<pid> <started> <boot>`; undefined where it is not that. */
export function readIdentity(text: string): ProcessIdentity | undefined {
  const [, pid, started, boot] = /^(\d+) (\d+) ([0-9a-f-]{36})\n?$/.exec(text) ?? [];
  return pid === undefined || started === undefined || boot === undefined
    ? undefined
    : { pid: Number(pid), started, boot };
}

/** Whether that very process still runs. */
export async function isAlive({ pid, started, boot }: ProcessIdentity): Promise<boolean> {
  if ((await readFile(BOOT_ID, 'utf8')).trim() !== boot) return false;
  const fields = await statOf(pid);
  // Fields 3 and 22 of man 5 proc_pid_stat; Z = dead, only its parent has not heard yet.
  return fields !== undefined && fields[19] === started && fields[0] !== 'Z';
}

/** Behind the name, which may hold anything. */
async function statOf(pid: number): Promise<readonly string[] | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
