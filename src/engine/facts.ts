import type { Unit } from './units.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- the erased edge: each phase knows the type of its own needs
export type ErasedFacts = Readonly<Record<string, any>>;

/** What `plan` gets as `needs`: the facts by role; those of a machine phase, for a lab phase, by machine name. */
export function factsByRole(unit: Unit, facts: ReadonlyMap<Unit, unknown>): ErasedFacts {
  const ofRole = (needs: readonly Unit[]) => {
    if (unit.node === undefined && needs.some((need) => need.node))
      return new Map(needs.map((need) => [need.node?.name, facts.get(need)]));
    return needs[0] && facts.get(needs[0]);
  };
  return Object.fromEntries([...unit.needs].map(([role, needs]) => [role, ofRole(needs)]));
}
