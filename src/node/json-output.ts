import { LabError } from '../engine/errors.ts';
import type { Machine } from '../lab.ts';

/** A program that prints JSON, and the package that brings it. */
export interface JsonProgram {
  readonly argv: readonly [string, ...string[]];
  readonly from: string;
}

/** What it printed on the machine, parsed; a LabError where it is missing, fails or prints something else. */
export async function jsonOutput(machine: Machine, { argv, from }: JsonProgram): Promise<ReturnType<JSON['parse']>> {
  const { code, stdout, stderr } = await machine.look(argv);
  const [program] = argv;
  const command = argv.join(' ');
  if (code === 127)
    throw new LabError(
      `${machine.name} has no program ${program}`,
      `on ${machine.name}: sudo apt-get install -y ${from}`,
    );
  const failed = (reason: string, cause?: unknown) =>
    new LabError(
      `could not run \`${command}\` on ${machine.name}: ${reason}`,
      `on ${machine.name}: sudo ${command}   # see what it says; sudo apt-get install --reinstall -y ${from}   # brings ${program} anew`,
      { cause },
    );
  if (code !== 0) throw failed(`exit code ${code}: ${stderr.trim()}`);
  try {
    return JSON.parse(stdout);
  } catch (error) {
    throw failed(`it printed no JSON but: ${stdout.split('\n', 1).join('')}`, error);
  }
}
