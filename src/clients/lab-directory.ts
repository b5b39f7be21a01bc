import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, fileError } from './local-files.ts';

/** Where all labs of one config.yaml's folder keep their own files. */
const HOME = '.lab';

/** `.lab/<name>` beside config.yaml. */
export function labDirectory(configFile: string, lab: string): string {
  return join(dirname(configFile), HOME, lab);
}

/** What is in it, folders with a slash; undefined where there is no such directory. */
export async function labFiles(directory: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', directory);
  }
}

/** Removes a lab's directory and all that is in it. */
export async function removeLabDirectory(directory: string): Promise<void> {
  if (basename(dirname(directory)) !== HOME) throw new Error(`${directory} is not the directory of a lab`);
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    throw fileError(error, 'remove', directory);
  }
}
