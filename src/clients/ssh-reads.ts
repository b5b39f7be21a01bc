import { LabError } from '../engine/errors.ts';
import type { Result, StoredFile } from '../lab.ts';
import { shellQuote } from './shell-quote.ts';
import { batchResults, batchScript, fileRead, type BatchedResult } from './ssh-batch.ts';
import { BrokenConnection, readBroken } from './ssh-errors.ts';
import type { RootShell } from './ssh-shell.ts';
import { hostName, loginCommand, type SshTarget } from './ssh-target.ts';

/** The reads of one machine. */
export interface SshReads {
  look(argv: readonly string[]): Promise<Result>;
  readFile(path: string): Promise<StoredFile | undefined>;
}

interface Waiting {
  /** A line of shell. */
  readonly read: string;
  readonly done: PromiseWithResolvers<BatchedResult>;
}

/** Reads that are asked for in the same turn of the event loop go to the machine as one command. */
export function sshReads(target: SshTarget, shell: RootShell): SshReads {
  let waiting: Waiting[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    void answer(target, shell, batch);
  };
  const ask = (read: string): Promise<BatchedResult> => {
    if (waiting.length === 0) setImmediate(flush);
    const done = Promise.withResolvers<BatchedResult>();
    waiting.push({ read, done });
    return done.promise;
  };
  return {
    look: async (argv) => await ask(shellQuote(argv)),
    readFile: async (path) => storedFile(target, path, await ask(fileRead(path))),
  };
}

async function answer(target: SshTarget, shell: RootShell, batch: readonly Waiting[]): Promise<void> {
  try {
    const results = await twice(target, () => runBatch(shell, batch));
    batch.forEach(({ done }, index) => {
      const result = results[index];
      if (result) done.resolve(result);
    });
  } catch (error) {
    for (const { done } of batch) done.reject(error);
  }
}

async function runBatch(shell: RootShell, batch: readonly Waiting[]): Promise<readonly BatchedResult[]> {
  const reads = batch.map(({ read }) => read);
  const { stdout, stderr, marker } = await shell({ script: (boundary) => batchScript(reads, boundary), as: 'stdin' });
  const results = batchResults(stdout, stderr, marker);
  if (results.length < batch.length) throw new BrokenConnection('the shell ended before all was read');
  return results;
}

/** A read may be repeated: once, when the connection broke. */
async function twice<T>(target: SshTarget, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (first) {
    if (!(first instanceof BrokenConnection)) throw first;
  }
  try {
    return await task();
  } catch (second) {
    throw second instanceof BrokenConnection ? readBroken(target, second) : second;
  }
}

function storedFile(target: SshTarget, path: string, { code, stdout, stderr }: BatchedResult): StoredFile | undefined {
  const [line = ''] = stdout.split('\n', 1);
  const [, mode, owner, kind] = /^([0-7]+) (\S+:\S+) (.+)$/.exec(line) ?? [];
  if (code === 0 && mode !== undefined && owner !== undefined)
    return { content: stdout.slice(line.length + 1), mode: Number.parseInt(mode, 8), owner };
  if (stderr.endsWith(': No such file or directory\n')) return undefined;
  const reason = kind === 'directory' ? 'it is a folder' : stderr.trim();
  throw new LabError(
    `could not read ${path} on ${hostName(target)}: ${reason}`,
    `look at it: ${loginCommand(target)} ${target.user === 'root' ? '' : 'sudo '}ls -ld ${path}`,
  );
}
