import { LabError } from '../engine/errors.ts';
import { shellQuote } from './shell-quote.ts';

const LINES_SHOWN = 8;
const LONGEST_COMMAND = 300;

interface FailedCommand {
  /** The computer it ran on. */
  readonly on: string;
  readonly argv: readonly string[];
  /** Exit code, or in words how it ended. */
  readonly ended: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** How to run it by hand. */
  readonly fix: string;
}

/** A program that ended badly: what, where, how, and the last that it said. Standard input, where secrets are, is not shown. */
export function commandFailed({ on, argv, ended, stdout, stderr, fix }: FailedCommand): LabError {
  const how = typeof ended === 'number' ? endedWith(ended) : ended;
  const said = lastLines(stderr.trim() === '' ? stdout : stderr);
  return new LabError(`could not run \`${shownCommand(argv)}\` on ${on}: ${how}${said === '' ? '' : `\n${said}`}`, fix);
}

/** The command as one can type it; long ones are cut. */
export function shownCommand(argv: readonly string[]): string {
  const line = shellQuote(argv);
  return line.length > LONGEST_COMMAND ? `${line.slice(0, LONGEST_COMMAND)}…` : line;
}

/** The end of an output, for a message. */
export function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');
}

function endedWith(code: number): string {
  return code === 127 ? 'no such program (exit code 127)' : `exit code ${code}`;
}
