import { readdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../lab.ts';
import { LabError } from '../engine/errors.ts';
import { errorCode, readLocalFile } from './local-files.ts';

const POLL_SECONDS = 0.05;
const KILL_SECONDS = 20;

/** Kills what is left in the machine's control groups, of which its folder keeps a list, and removes them. */
export async function endGroups(folder: string, clock: Clock): Promise<void> {
  const groups = ((await readLocalFile(join(folder, 'cgroups')))?.content ?? '').split('\n').filter(Boolean);
  const until = clock.now() + KILL_SECONDS;
  for (const group of groups) {
    for (let left = await processesIn(group); left.length > 0; left = await processesIn(group)) {
      if (clock.now() >= until)
        throw new LabError(
          `could not end the processes ${left.join(', ')} of control group ${group}`,
          `ps -o stat,wchan:30,args ${left.join(' ')}`,
        );
      for (const pid of left) kill(pid);
      await clock.wait(POLL_SECONDS);
    }
    await removeTree(group);
    // The folder of all machines of this computer: it goes with the last one.
    await removeEmpty(dirname(group));
  }
}

/** Also of the groups below. 0 = a process that this pid namespace does not have: it is not ours to end. */
async function processesIn(group: string): Promise<readonly number[]> {
  const own = ((await readLocalFile(join(group, 'cgroup.procs')))?.content ?? '')
    .split('\n')
    .map(Number)
    .filter(Boolean);
  const below = await Promise.all((await groupsBelow(group)).map((folder) => processesIn(folder)));
  return [...own, ...below.flat()];
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

async function removeTree(group: string): Promise<void> {
  for (const below of await groupsBelow(group)) await removeTree(below);
  await removeEmpty(group);
}

async function groupsBelow(group: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(group, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(group, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function removeEmpty(group: string): Promise<void> {
  try {
    await rmdir(group);
  } catch (error) {
    if (!['ENOENT', 'EBUSY', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
  }
}
