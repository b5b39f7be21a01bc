import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lab.ts';
import { LabError } from '../engine/errors.ts';
import { endGroups } from './nspawn-groups.ts';
import { fileError } from './local-files.ts';
import { findMachine } from './nspawn-folder.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

const SUPERVISOR = join(import.meta.dirname, 'nspawn', 'machine.sh');
const POLL_SECONDS = 0.05;
/** A server's own shutdown, etcd's last words included. */
const SHUTDOWN_SECONDS = 90;
const KILL_SECONDS = 20;

/** Starts the process that runs the machine, which outlives us: a session of its own, its output in the machine's folder. */
export async function switchOn(folder: string, clock: Clock): Promise<void> {
  // Should the supervisor have been killed, the machine lives on without it.
  await endGroups(folder, clock);
  const log = await open(join(folder, 'console.log'), 'w', 0o600);
  try {
    const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
    const child = spawn(SUPERVISOR, [folder], { detached: true, cwd: '/', env, stdio: ['ignore', log.fd, log.fd] });
    const started = Promise.withResolvers<void>();
    child.once('spawn', started.resolve).once('error', started.reject);
    await started.promise;
    child.unref();
  } finally {
    await log.close();
  }
}

/** Shuts the machine down; after a minute and a half, pulls the plug. */
export async function shutDown(folder: string, clock: Clock, signal?: AbortSignal): Promise<void> {
  const { supervisor } = await findMachine(folder);
  if (supervisor) {
    process.kill(supervisor.pid, 'SIGTERM');
    if (!(await ends(supervisor, { clock, seconds: SHUTDOWN_SECONDS, signal }))) return switchOff(folder, clock);
  }
  await endGroups(folder, clock);
}

/** Pulls the plug. */
export async function switchOff(folder: string, clock: Clock): Promise<void> {
  const { supervisor } = await findMachine(folder);
  if (supervisor) {
    process.kill(supervisor.pid, 'SIGKILL');
    if (!(await ends(supervisor, { clock, seconds: KILL_SECONDS })))
      throw new LabError(
        `could not end process ${supervisor.pid}, which runs the machine of ${folder}`,
        `ps -o stat,wchan:30 ${supervisor.pid}`,
      );
  }
  await endGroups(folder, clock);
}

export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw fileError(error, 'remove', folder);
  }
}

interface Patience {
  readonly clock: Clock;
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

async function ends(process: ProcessIdentity, { clock, seconds, signal }: Patience): Promise<boolean> {
  const until = clock.now() + seconds;
  while (await isAlive(process)) {
    if (clock.now() >= until) return false;
    await clock.wait(POLL_SECONDS, signal);
  }
  return true;
}
