import { parseArgs } from 'node:util';
import { LabError } from '../engine/errors.ts';

/** What a person typed behind the command. */
export interface Options {
  /** Path of config.yaml. */
  readonly config: string;
  /** Only look, change nothing. */
  readonly plan: boolean;
  /** One JSON object a line instead of text. */
  readonly json: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  /** What programs print as well, and where an error comes from. */
  readonly verbose: boolean;
  readonly help: boolean;
  /** For `rehearse`: what goes wrong in it. */
  readonly fault?: string;
  readonly listFaults: boolean;
}

export interface CommandLine {
  readonly words: readonly string[];
  readonly options: Options;
}

const known = {
  config: { type: 'string', short: 'c', default: 'config.yaml' },
  plan: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  verbose: { type: 'boolean', short: 'v', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  fault: { type: 'string' },
  'list-faults': { type: 'boolean', default: false },
} as const;

/** Throws a LabError for an option that is not known, or has no value. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values, positionals } = parsed(argv);
  const { 'list-faults': listFaults, ...options } = values;
  return { words: positionals, options: { ...options, listFaults } };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: known, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first sentence says what is wrong; the rest is about node:util.
    const [reason] = error.message.split('. ');
    throw new LabError(`could not read the command line: ${reason}`, 'npm run lab -- --help lists the options');
  }
}
