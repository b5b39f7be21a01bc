import { join } from 'node:path';
import { execa } from 'execa';

const PROJECT = join(import.meta.dirname, '..');

interface Typed {
  /** Script of `scripts/` and its words. */
  readonly argv: readonly string[];
  /** The exit code that is right. */
  readonly exit: number;
}

/** Runs a command of this project as npm would, without npm; another exit code than the right one is an error. Returns stdout. */
export async function typed({ argv: [script = '', ...words], exit }: Typed): Promise<string> {
  return node([join(PROJECT, 'scripts', script), ...words], exit);
}

/** Runs Node on a file, with the options before it. */
export async function node(argv: readonly string[], exit = 0): Promise<string> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, { stdin: 'ignore', reject: false });
  if (exitCode === exit) return stdout;
  throw new Error(`node ${argv.join(' ')} ended with ${exitCode}, expected ${exit}:\n${stdout}\n${stderr}`);
}
