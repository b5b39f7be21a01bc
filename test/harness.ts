import { AsyncLocalStorage } from 'node:async_hooks';
import { matchesGlob } from 'node:path';
import { parseConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/schema.ts';
import { planUnits, type UnitPlan } from '../src/engine/plan.ts';
import type { AnyPhase, Step } from '../src/engine/phase.ts';
import { runUnits, type UnitReport } from '../src/engine/run.ts';
import { unitsOf, type Unit } from '../src/engine/units.ts';
import type { Lab } from '../src/lab.ts';
import { phases as allPhases } from '../src/phases/index.ts';
import { openRehearsal, type Rehearsal } from '../src/rehearsal/open.ts';
import type { Write } from '../src/rehearsal/session.ts';

export interface RehearseOptions {
  /** Text of config.yaml; three servers and an agent unless said. */
  readonly config?: string;
  readonly fault?: string;
  readonly phases?: readonly AnyPhase[];
}

/** A rehearsed lab that holds every phase to its promises: looking changes nothing, and a step writes only what `writes` says. */
export interface Rehearsed extends Rehearsal {
  readonly config: Config;
  readonly units: readonly Unit[];
  /** Runs all phases; by the program that `lab` belongs to unless another is given. */
  run(lab?: Lab): Promise<readonly UnitReport[]>;
  plan(lab?: Lab): Promise<readonly UnitPlan[]>;
  /** A new program with another config.yaml, on the same world. */
  reconfigured(text: string): Rehearsed;
}

/** Three servers and one agent, each with a data disk. */
export const FOUR_MACHINES = `
machines:
  size: four
  sizes:
    four:
      servers: { count: 3, memory: 4096, dataDisk: 10 }
      agents: { count: 1, memory: 4096, dataDisk: 10 }
`;

export function rehearse({ config: text = FOUR_MACHINES, fault, phases = allPhases }: RehearseOptions = {}): Rehearsed {
  const config = configOf(text);
  const guard = guardWrites();
  const rehearsal = openRehearsal({ config, onWrite: guard.onWrite, ...(fault === undefined ? {} : { fault }) });
  return rehearsedWith({ rehearsal, config, guard, phases });
}

function configOf(text: string): Config {
  return parseConfig(text, '/home/operator/rke2-lab/config.yaml');
}

interface Parts {
  readonly rehearsal: Rehearsal;
  readonly config: Config;
  readonly guard: ReturnType<typeof guardWrites>;
  readonly phases: readonly AnyPhase[];
}

function rehearsedWith({ rehearsal, config, guard, phases }: Parts): Rehearsed {
  const units = guardedUnits(unitsOf(phases, config), guard.within);
  const signal = new AbortController().signal;
  return {
    ...rehearsal,
    config,
    units,
    run: async (lab = rehearsal.lab) => {
      const reports = await runUnits({ lab, units, signal, onEvent: () => {} });
      guard.check();
      return reports;
    },
    plan: async (lab = rehearsal.lab) => {
      const plans = await planUnits(lab, units);
      guard.check();
      return plans;
    },
    reconfigured: (text) => {
      const changed = configOf(text);
      return rehearsedWith({
        rehearsal: { ...rehearsal, lab: rehearsal.revive(changed) },
        config: changed,
        guard,
        phases,
      });
    },
  };
}

/** What went wrong, by unit; none = all is done. */
export function errorsOf(reports: readonly UnitReport[]): ReadonlyMap<string, unknown> {
  return new Map(
    reports.flatMap(({ unit, outcome }) => (outcome.state === 'failed' ? [[unit.name, outcome.error] as const] : [])),
  );
}

/** True where every unit is done. */
export function isDone(reports: readonly UnitReport[]): boolean {
  return reports.every(({ outcome }) => outcome.state === 'done');
}

interface Doing {
  readonly unit: Unit;
  /** Undefined while the phase only looks. */
  readonly step?: string;
}

type Within = <T>(doing: Doing, act: () => T) => T;

/** Notes every write that the phase may not do; `check` throws them. */
function guardWrites() {
  const doing = new AsyncLocalStorage<Doing>();
  const breaches: string[] = [];
  const onWrite = (write: Write) => {
    const breach = breachOf(write, doing.getStore());
    if (breach !== undefined) breaches.push(breach);
  };
  const within: Within = (what, act) => doing.run(what, act);
  const check = () => {
    if (breaches.length > 0) throw new Error(breaches.join('\n'));
  };
  return { onWrite, within, check };
}

function breachOf({ where, what }: Write, doing: Doing | undefined): string | undefined {
  if (!doing) return `${what} of ${where} was written outside of any phase`;
  const { unit, step } = doing;
  if (step === undefined) return `${unit.name} wrote ${what} of ${where} while it should only look`;
  if (unit.node && where !== unit.node.name && what.startsWith('machine:'))
    return `${unit.name} wrote ${what} of ${where}, another machine`;
  if (unit.phase.writes.some((pattern) => matchesGlob(what, pattern))) return undefined;
  return `${unit.name} wrote ${what} of ${where} in "${step}"; its writes are ${unit.phase.writes.join(', ')}`;
}

function guardedUnits(units: readonly Unit[], within: Within): readonly Unit[] {
  const made = new Map<Unit, Unit>();
  for (const unit of units) {
    const needs = new Map(
      [...unit.needs].map(([role, needed]) => [role, needed.flatMap((need) => made.get(need) ?? [])]),
    );
    made.set(unit, { ...unit, needs, phase: guardedPhase(unit, within) });
  }
  return [...made.values()];
}

function guardedPhase(unit: Unit, within: Within): AnyPhase {
  const { phase } = unit;
  return {
    ...phase,
    plan: async (lab, want, needs) => {
      const steps = await within({ unit }, () => phase.plan(lab, want, needs));
      return steps.map((step) => guardedStep(unit, step, within));
    },
  };
}

function guardedStep(unit: Unit, step: Step, within: Within): Step {
  const { run, title } = step;
  return run ? { ...step, run: (signal) => within({ unit, step: title }, () => run(signal)) } : step;
}
