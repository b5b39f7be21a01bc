import type { Computer, Result } from '../../src/lab.ts';

/** The operator's computer, of which only the programs answer, as told; strict: any other command is a bug. */
export interface FakeComputer extends Computer {
  /** What was run, in order, as typed. */
  readonly ran: readonly string[];
}

/** `answer` gets the command as typed; undefined = unexpected. */
export function fakeComputer(answer: (command: string) => Result | undefined): FakeComputer {
  const ran: string[] = [];
  const call = (argv: readonly string[]): Result => {
    const command = argv.join(' ');
    const result = answer(command);
    if (!result) throw new Error(`unexpected command: ${command}`);
    return result;
  };
  const unexpected = (path: string) => Promise.reject(new Error(`unexpected file: ${path}`));
  return {
    ran,
    name: 'this computer',
    look: async (argv) => call(argv),
    run: async (argv) => {
      const { code, stdout } = call(argv);
      if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}`);
      ran.push(argv.join(' '));
      return stdout;
    },
    readFile: unexpected,
    writeFile: unexpected,
    removeFile: unexpected,
  };
}

export const done = (stdout = ''): Result => ({ code: 0, stdout, stderr: '' });
export const refused = (code = 1): Result => ({ code, stdout: '', stderr: '' });
