import type { Step } from '../engine/phase.ts';
import type { Machine } from '../lab.ts';

/**
 * One thing that a machine must have before RKE2 comes: what is missing of it. Looks only.
 * Aspects lie in this folder and are listed in `phases/prepare-nodes.ts`; they look at the same moment, which
 * costs one round trip for all of them.
 */
export type Aspect<Want> = (machine: Machine, want: Want) => Promise<readonly Step[]>;

/** A step that writes a file, if it is not there as wanted. */
export async function fileSteps(machine: Machine, path: string, content: string): Promise<readonly Step[]> {
  const present = await machine.readFile(path);
  if (present?.content === content) return [];
  return [
    {
      title: `write ${path} on ${machine.name}`,
      run: (signal) => machine.writeFile(path, { content }, signal),
    },
  ];
}
