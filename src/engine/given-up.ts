import type { AnyPhase } from './phase.ts';
import type { Unit } from './units.ts';

/** The units of a run that did not end well, for those that wait for another machine. */
export interface GivenUp {
  /** The unit of this phase on that machine, if it has ended without being done. */
  find(phase: AnyPhase, machine: string): Unit | undefined;
  add(unit: Unit): void;
  /** Resolves when another one is added. */
  next(): Promise<void>;
}

export function givenUp(): GivenUp {
  const units: Unit[] = [];
  let addition = Promise.withResolvers<void>();
  return {
    find: (phase, machine) => units.find((unit) => unit.phase === phase && unit.node?.name === machine),
    add(unit) {
      units.push(unit);
      addition.resolve();
      addition = Promise.withResolvers();
    },
    next: () => addition.promise,
  };
}
