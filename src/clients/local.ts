import type { Computer, Result, RunOptions } from '../lab.ts';
import { LabError } from '../engine/errors.ts';
import { commandFailed, shownCommand } from './command-failed.ts';
import { readLocalFile, removeLocalFile, writeLocalFile } from './local-files.ts';

const NAME = 'this computer';
/** Bytes of output that are kept; more is an error. */
const MOST_OUTPUT = 64 * 1024 * 1024;
/** By which a shell says that there is no such program. */
const NO_SUCH_PROGRAM = 127;

/** The operator's computer, as that user. Programs speak English there (LC_ALL=C) and go through no shell. */
export function localComputer(): Computer {
  return {
    name: NAME,
    look: (argv) => execute(argv, {}),
    run: async (argv, options = {}) => {
      const { code, stdout, stderr } = await execute(argv, options);
      if (code === 0) return stdout;
      throw commandFailed({
        on: NAME,
        argv,
        ended: code,
        stdout,
        stderr,
        fix: `run it by hand: ${shownCommand(argv)}`,
      });
    },
    readFile: readLocalFile,
    writeFile: writeLocalFile,
    removeFile: removeLocalFile,
  };
}

async function execute(argv: readonly string[], { stdin, signal }: RunOptions): Promise<Result> {
  signal?.throwIfAborted();
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('a command needs at least the name of a program');
  const { execa } = await import('execa');
  const result = await execa(program, args, {
    env: { LC_ALL: 'C' },
    ...(stdin === undefined ? { stdin: 'ignore' } : { input: stdin }),
    ...(signal && { cancelSignal: signal }),
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MOST_OUTPUT,
  });
  signal?.throwIfAborted();
  const { stdout, stderr } = result;
  // A program that does not read its input may end before all of it is sent; its exit code says how it went.
  if (result.exitCode !== undefined && !result.isMaxBuffer) return { code: result.exitCode, stdout, stderr };
  if (result.code === 'ENOENT') return { code: NO_SUCH_PROGRAM, stdout: '', stderr: `${program}: not found\n` };
  if (result.code === 'EACCES') return { code: 126, stdout: '', stderr: `${program}: Permission denied\n` };
  throw endedOtherwise(argv, result);
}

function endedOtherwise(
  argv: readonly string[],
  result: { readonly shortMessage?: string; readonly signal?: string },
): LabError {
  const how = result.signal === undefined ? (result.shortMessage ?? 'it did not start') : `ended by ${result.signal}`;
  return new LabError(
    `could not run \`${shownCommand(argv)}\` on ${NAME}: ${how}`,
    `run it by hand: ${shownCommand(argv)}`,
  );
}
