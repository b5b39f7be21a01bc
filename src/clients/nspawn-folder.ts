import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileError, readLocalFile, writeLocalFile } from './local-files.ts';
import { isAlive, readIdentity, type ProcessIdentity } from './process-identity.ts';

/** What a machine was made of, and keeps. */
export interface MachineRecord {
  /** Folder of the root file system that its own files lie over. */
  readonly root: string;
  /** GB of its data disk; 0 = none. */
  readonly dataDisk: number;
}

/** A machine as its folder and the computer's processes tell. */
export interface FoundMachine {
  /** Undefined where it was left half made. */
  readonly record: MachineRecord | undefined;
  /** The process that it lives and dies with; undefined = it is off. */
  readonly supervisor: ProcessIdentity | undefined;
  /** True once somebody could log in since it was switched on. */
  readonly ready: boolean;
}

const MACHINE_NAME = /^[a-z][a-z0-9-]*$/;
const READY = 'ready';
const RECORD = 'machine.json';

/** The folder that a machine's removal removes: never another than one below `machines`. */
export function machineFolder(directory: string, name: string): string {
  if (!MACHINE_NAME.test(name)) throw new Error(`not the name of a machine: ${JSON.stringify(name)}`);
  return join(directory, 'machines', name);
}

/** Names of the machines that have a folder, half-made ones included. */
export async function machineNames(directory: string): Promise<readonly string[]> {
  const folder = join(directory, 'machines');
  try {
    return (await readdir(folder)).filter((name) => MACHINE_NAME.test(name)).toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileError(error, 'read', folder);
  }
}

export async function findMachine(folder: string): Promise<FoundMachine> {
  const [record, pid, ready] = await Promise.all(
    [RECORD, 'pid', READY].map((file) => readLocalFile(join(folder, file))),
  );
  const identity = pid && readIdentity(pid.content);
  const supervisor = identity && (await isAlive(identity)) ? identity : undefined;
  return {
    record: record && JSON.parse(record.content),
    supervisor,
    ready: supervisor !== undefined && ready?.content === pid?.content,
  };
}

/** The last that is written of a new machine: without it, the machine is half made. */
export async function writeRecord(folder: string, record: MachineRecord): Promise<void> {
  await writeLocalFile(join(folder, RECORD), { content: `${JSON.stringify(record)}\n` });
}

/** Notes that the machine of this very start has let somebody in. */
export async function markReady(folder: string): Promise<void> {
  const pid = await readLocalFile(join(folder, 'pid'));
  if (pid) await writeLocalFile(join(folder, READY), { content: pid.content });
}
