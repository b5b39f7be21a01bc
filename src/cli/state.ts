import type { UnitPlan } from '../engine/plan.ts';
import { exitCodeOf, exitCodes, troublesOf, type Trouble } from './trouble.ts';

/** A unit's plan in words: what is missing, one line each, or one line that says why there is none. */
export function planLines({ result }: UnitPlan): readonly string[] {
  switch (result.state) {
    case 'planned':
      return result.steps.length === 0
        ? ['in place']
        : result.steps.map(({ title, run }) => (run ? title : `wait: ${title}`));
    case 'after':
      return [`after ${phaseNames(result.units).join(', ')}`];
    case 'off':
      return ['off'];
    case 'failed':
      return ['could not look'];
  }
}

export function planTroubles(plans: readonly UnitPlan[]): readonly Trouble[] {
  return plans.flatMap(({ result }) => (result.state === 'failed' ? troublesOf(result.error) : []));
}

/** 0 all in place, 1 something missing, 2 or 70 where it could not be told. */
export function planExit(plans: readonly UnitPlan[]): number {
  const troubles = planTroubles(plans);
  if (troubles.length > 0) return exitCodeOf(troubles);
  const isMissing = plans.some(
    ({ result }) => result.state === 'after' || (result.state === 'planned' && result.steps.length > 0),
  );
  return isMissing ? exitCodes.missing : exitCodes.inPlace;
}

/** The same for --json. */
export function planRecord({ unit, result }: UnitPlan): Readonly<Record<string, unknown>> {
  const record = { phase: unit.phase.name, ...(unit.node && { machine: unit.node.name }), state: result.state };
  if (result.state === 'planned') return { ...record, steps: result.steps.map(({ title }) => title) };
  if (result.state === 'after') return { ...record, after: result.units.map(({ name }) => name) };
  if (result.state === 'failed') return { ...record, errors: troublesOf(result.error) };
  return record;
}

/** Phases of these units, each once. */
export function phaseNames(units: readonly { readonly phase: { readonly name: string } }[]): readonly string[] {
  return [...new Set(units.map(({ phase }) => phase.name))];
}
