import { matchesGlob } from 'node:path';
import type { Event } from '../../engine/events.ts';
import type { AnyPhase } from '../../engine/phase.ts';
import type { Unit } from '../../engine/units.ts';

/** A change in a rehearsal: where, and spelt as in `Phase.writes`. */
interface Write {
  readonly where: string;
  readonly what: string;
}

/** Whose the writes of a rehearsal are. */
export interface WriteCount {
  onEvent(event: Event): void;
  of(phase: AnyPhase): number;
  all(): number;
}

/** Follows a list that grows: a write belongs to the unit that is in a step just then and may do it there. */
export function countWrites(writes: readonly Write[]): WriteCount {
  const counts = new Map<AnyPhase, number>();
  const inStep = new Set<Unit>();
  let seen = 0;
  const assign = (write: Write) => {
    const { phase } = [...inStep].find((unit) => mayDo(unit, write)) ?? {};
    if (!phase) throw new Error(`no phase says that it writes ${write.what} (${write.where})`);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  };
  return {
    onEvent({ type, unit }) {
      for (const write of writes.slice(seen)) assign(write);
      seen = writes.length;
      if (type === 'step-started') inStep.add(unit);
      else if (type === 'step-done' || type === 'ended') inStep.delete(unit);
    },
    of: (phase) => counts.get(phase) ?? 0,
    all: () => seen,
  };
}

function mayDo({ phase, node }: Unit, { where, what }: Write): boolean {
  if (node && what.startsWith('machine:') && node.name !== where) return false;
  return phase.writes.some((pattern) => pattern === what || matchesGlob(what, pattern));
}
