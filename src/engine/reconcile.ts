import type { Lab } from '../lab.ts';
import { LabError } from './errors.ts';
import type { ErasedFacts } from './facts.ts';
import type { GivenUp } from './given-up.ts';
import { observe, type Observation } from './observe.ts';
import type { Step } from './phase.ts';
import type { Unit } from './units.ts';

const DEFAULT_WITHIN_SECONDS = 300;
/** A machine or API that boots answers by then; a wrong address never does. */
const FIRST_LOOK_WITHIN_SECONDS = 120;
/** A step that was run so often in a row and is still missing will not take hold at all. */
const MOST_RUNS_OF_A_STEP = 3;

/** What a loop tells while it goes. */
export interface Progress {
  stepStarted(title: string): void;
  stepDone(title: string, seconds: number): void;
  waiting(missing: readonly Step[]): void;
}

interface Loop {
  readonly lab: Lab;
  readonly unit: Unit;
  readonly needs: ErasedFacts;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly givenUp: GivenUp;
}

interface Memory {
  /** What has been missing in this wait, or kept us from looking: only what is new counts as progress. */
  readonly seen: Set<string>;
  last: string;
  hasLooked: boolean;
  /** When something last moved, in seconds of the clock. */
  movedAt: number;
  attempt: number;
  lastStep?: string;
  runsOfLastStep: number;
}

/** Plans, runs the first step, plans again, until nothing is missing, or what is missing will not come: then the unit to blame. */
export async function reconcile(loop: Loop): Promise<Unit | undefined> {
  const movedAt = loop.lab.clock.now();
  const memory: Memory = { seen: new Set(), last: '', hasLooked: false, movedAt, attempt: 0, runsOfLastStep: 0 };
  let turned: Turned = {};
  while (!turned.done && !turned.blockedBy) {
    loop.signal.throwIfAborted();
    const observation = observe(loop.lab);
    try {
      turned = await turn(loop, memory, observation);
    } finally {
      observation.stop();
    }
  }
  return turned.blockedBy;
}

interface Turned {
  readonly done?: boolean;
  readonly blockedBy?: Unit;
}

/** One look and what follows from it. */
async function turn(loop: Loop, memory: Memory, observation: Observation): Promise<Turned> {
  const wake = loop.givenUp.next();
  const looked = await look(loop, observation);
  memory.hasLooked ||= !looked.trouble;
  const [first] = looked.steps;
  if (!first && !looked.trouble) return { done: true };
  if (first?.run) {
    await runStep(loop, memory, first);
    return {};
  }
  const blockedBy = first?.waitsFor && loop.givenUp.find(loop.unit.phase, first.waitsFor);
  if (blockedBy) return { blockedBy };
  rememberWait(loop, memory, looked);
  await observation.changed(memory.attempt, loop.signal, wake);
  memory.attempt += 1;
  return {};
}

interface Looked {
  readonly steps: readonly Step[];
  /** Why the look failed, where it may succeed later. */
  readonly trouble?: LabError;
}

async function look({ unit, needs }: Loop, observation: Observation): Promise<Looked> {
  try {
    return { steps: await unit.phase.plan(observation.lab, unit.want, needs) };
  } catch (error) {
    if (error instanceof LabError && error.transient) return { steps: [], trouble: error };
    throw error;
  }
}

async function runStep({ lab, unit, signal, progress }: Loop, memory: Memory, step: Step): Promise<void> {
  memory.runsOfLastStep = memory.lastStep === step.title ? memory.runsOfLastStep + 1 : 1;
  memory.lastStep = step.title;
  if (memory.runsOfLastStep > MOST_RUNS_OF_A_STEP)
    throw new LabError(
      `${unit.name}: "${step.title}" was done ${MOST_RUNS_OF_A_STEP} times and is still missing`,
      'something undoes it: look for another tool that changes the same thing, then run this command again',
    );
  const start = lab.clock.now();
  progress.stepStarted(step.title);
  await step.run?.(signal);
  progress.stepDone(step.title, lab.clock.now() - start);
  memory.movedAt = lab.clock.now();
  memory.attempt = 0;
  memory.seen.clear();
  memory.last = '';
}

/** Tells what is missing where that has changed; throws where it has not for too long. */
function rememberWait({ lab, unit, progress }: Loop, memory: Memory, looked: Looked): void {
  const missing = looked.trouble ? [{ title: looked.trouble.message }] : looked.steps;
  const now = missing.map((step) => step.title).join('\n');
  if (now !== memory.last) progress.waiting(missing);
  if (!looked.trouble && !memory.seen.has(now)) memory.movedAt = lab.clock.now();
  memory.seen.add(now);
  memory.last = now;
  const patience = unit.phase.within ?? DEFAULT_WITHIN_SECONDS;
  const within = memory.hasLooked ? patience : Math.min(patience, FIRST_LOOK_WITHIN_SECONDS);
  if (lab.clock.now() - memory.movedAt >= within) throw timeOut(unit, looked, within);
}

function timeOut(unit: Unit, looked: Looked, within: number): LabError {
  if (looked.trouble)
    return new LabError(`${unit.name}: could not look for ${within} s`, looked.trouble.fix, { cause: looked.trouble });
  const [first] = looked.steps;
  const missing = looked.steps.map((step) => step.title).join('; ');
  return new LabError(
    `${unit.name}: still missing after ${within} s without progress: ${missing}`,
    first?.hint ?? 'npm run lab:status shows the state of the machines and nodes; run this command again to go on',
  );
}
