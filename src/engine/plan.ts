import type { Lab } from '../lab.ts';
import { factsByRole } from './facts.ts';
import type { Step } from './phase.ts';
import type { Unit } from './units.ts';

/** What a unit would do now. */
export interface UnitPlan {
  readonly unit: Unit;
  /**
   * planned: `steps` says what is missing now, later steps may appear once these are done (empty = in place);
   * after: cannot be known before these units are done; off: switched off; failed: the look itself failed.
   */
  readonly result:
    | { readonly state: 'planned'; readonly steps: readonly Step[] }
    | { readonly state: 'after'; readonly units: readonly Unit[] }
    | { readonly state: 'off' }
    | { readonly state: 'failed'; readonly error: unknown };
}

interface Looked {
  readonly plan: UnitPlan;
  readonly facts?: unknown;
}

/** Looks once, at everything that can be looked at, and changes nothing. */
export async function planUnits(lab: Lab, units: readonly Unit[]): Promise<readonly UnitPlan[]> {
  const looked = new Map<Unit, Promise<Looked>>();
  for (const unit of units) looked.set(unit, lookAt(lab, unit, looked));
  return (await Promise.all(looked.values())).map(({ plan }) => plan);
}

async function lookAt(lab: Lab, unit: Unit, looked: ReadonlyMap<Unit, Promise<Looked>>): Promise<Looked> {
  const needs = await Promise.all([...unit.needs.values()].flat().map((need) => lookedAt(need, looked)));
  if (unit.want === undefined) return { plan: { unit, result: { state: 'off' } } };
  const open = needs.filter(({ plan }) => !isInPlace(plan));
  if (open.length > 0) return { plan: { unit, result: { state: 'after', units: open.map(({ plan }) => plan.unit) } } };
  try {
    const facts = new Map(needs.map((need) => [need.plan.unit, need.facts]));
    const steps = await unit.phase.plan(lab, unit.want, factsByRole(unit, facts));
    const own = steps.length === 0 ? await unit.phase.facts?.(lab, unit.want) : undefined;
    return { plan: { unit, result: { state: 'planned', steps } }, facts: own };
  } catch (error) {
    return { plan: { unit, result: { state: 'failed', error } } };
  }
}

/** True where nothing is missing. */
export function isInPlace({ result }: UnitPlan): boolean {
  return result.state === 'planned' && result.steps.length === 0;
}

function lookedAt(unit: Unit, looked: ReadonlyMap<Unit, Promise<Looked>>): Promise<Looked> {
  const found = looked.get(unit);
  if (!found) throw new Error(`${unit.name} is needed, but comes later in the list of units`);
  return found;
}
