import type { Config } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import type { Provider } from '../lab.ts';

/** Machines that exist already: nothing is made, stopped or removed. Whether they answer is known when one logs in. */
export function hostsProvider({ nodes }: Config): Provider {
  const refuse = (verb: string) => async (names: readonly unknown[]) => {
    if (names.length === 0) return;
    throw new LabError(
      `could not ${verb} machines that were not made by this lab (machines.provider: hosts)`,
      'do it by their own means; the lab only logs in to them',
    );
  };
  return {
    kind: 'hosts',
    list: async () => nodes.map(({ name }) => ({ name, state: 'running', owner: 'lab', differs: [] })),
    owned: async () => [],
    up: refuse('make or start'),
    stop: refuse('stop'),
    remove: refuse('remove'),
  };
}
