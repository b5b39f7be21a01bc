import type { Lab } from '../lab.ts';
import { LabError } from './errors.ts';
import type { Event, Outcome } from './events.ts';
import { factsByRole, type ErasedFacts } from './facts.ts';
import { givenUp, type GivenUp } from './given-up.ts';
import { reconcile, type Progress } from './reconcile.ts';
import type { Unit } from './units.ts';

/** What a run is made of. */
export interface Run {
  readonly lab: Lab;
  /** In the order of their needs: see `unitsOf`. */
  readonly units: readonly Unit[];
  readonly signal: AbortSignal;
  readonly onEvent: (event: Event) => void;
  /** The one phase to run; what it needs is only checked. Undefined = all are run. */
  readonly only?: string;
}

/** How one unit went. Times in seconds of the lab's clock. */
export interface UnitReport {
  readonly unit: Unit;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly endedAt: number;
}

interface Going extends Run {
  readonly ended: ReadonlyMap<Unit, Promise<Ended>>;
  readonly givenUp: GivenUp;
}

interface Ended {
  readonly report: UnitReport;
  readonly facts: unknown;
}

/**
 * Runs every unit as soon as its needs are done, independent ones at the same time.
 * Never rejects for what goes wrong in a unit: the others go on, and the reports tell.
 */
export async function runUnits(run: Run): Promise<readonly UnitReport[]> {
  const ended = new Map<Unit, Promise<Ended>>();
  const going: Going = { ...run, ended, givenUp: givenUp() };
  for (const unit of run.units) ended.set(unit, runUnit(going, unit));
  const all = await Promise.all(ended.values());
  return all.map(({ report }) => report);
}

async function runUnit(run: Going, unit: Unit): Promise<Ended> {
  const before = await Promise.all([...unit.needs.values()].flat().map((need) => endOf(need, run.ended)));
  const startedAt = run.lab.clock.now();
  const end = (outcome: Outcome, facts?: unknown): Ended => {
    const endedAt = run.lab.clock.now();
    if (outcome.state !== 'done' && outcome.state !== 'off') run.givenUp.add(unit);
    run.onEvent({ type: 'ended', at: endedAt, unit, outcome });
    return { report: { unit, outcome, startedAt, endedAt }, facts };
  };
  if (unit.want === undefined) return end({ state: 'off' });
  const unmet = before.filter(({ report }) => report.outcome.state !== 'done');
  if (unmet.length > 0) return end(unmetOutcome(unit, unmet));
  if (run.signal.aborted) return end({ state: 'stopped', changes: 0 });
  const facts = new Map(before.map((needed) => [needed.report.unit, needed.facts]));
  return work({ run, unit, needs: factsByRole(unit, facts), end });
}

interface Work {
  readonly run: Going;
  readonly unit: Unit;
  readonly needs: ErasedFacts;
  readonly end: (outcome: Outcome, facts?: unknown) => Ended;
}

async function work({ run, unit, needs, end }: Work): Promise<Ended> {
  const counted = { changes: 0 };
  run.onEvent({ type: 'started', at: run.lab.clock.now(), unit });
  try {
    if (run.only !== undefined && run.only !== unit.phase.name) await check(run, unit, needs);
    else {
      const blockedBy = await reconcile({ ...run, unit, needs, progress: progressOf(run, unit, counted) });
      if (blockedBy) return end({ state: 'skipped', because: [blockedBy] });
    }
    return end({ state: 'done', ...counted }, await unit.phase.facts?.(run.lab, unit.want));
  } catch (error) {
    if (run.signal.aborted) return end({ state: 'stopped', ...counted });
    return end({ state: 'failed', ...counted, error });
  }
}

async function check({ lab, only }: Run, unit: Unit, needs: ErasedFacts): Promise<void> {
  const [first] = await unit.phase.plan(lab, unit.want, needs);
  if (first)
    throw new LabError(`${only} needs ${unit.name}, which is not in place: it would ${first.title}`, 'npm run lab:up');
}

function progressOf(run: Run, unit: Unit, counted: { changes: number }): Progress {
  const at = () => run.lab.clock.now();
  return {
    stepStarted: (title) => run.onEvent({ type: 'step-started', at: at(), unit, title }),
    stepDone: (title, seconds) => {
      counted.changes += 1;
      run.onEvent({ type: 'step-done', at: at(), unit, title, seconds });
    },
    waiting: (missing) => run.onEvent({ type: 'waiting', at: at(), unit, missing }),
  };
}

/** A need that is off is a fault of config.yaml; one that failed or was stopped is only the reason why this one is left out. */
function unmetOutcome(unit: Unit, unmet: readonly Ended[]): Outcome {
  const off = unmet.find(({ report }) => report.outcome.state === 'off')?.report.unit;
  if (!off) return { state: 'skipped', because: unmet.map(({ report }) => report.unit) };
  const error = new LabError(
    `${unit.name} needs ${off.name}, which is switched off in config.yaml`,
    `switch ${off.phase.name} on in config.yaml, or ${unit.phase.name} off`,
  );
  return { state: 'failed', changes: 0, error };
}

function endOf(unit: Unit, ended: ReadonlyMap<Unit, Promise<Ended>>): Promise<Ended> {
  const end = ended.get(unit);
  if (!end) throw new Error(`${unit.name} is needed, but comes later in the list of units`);
  return end;
}
