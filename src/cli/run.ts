import type { Event } from '../engine/events.ts';
import { runUnits, type UnitReport } from '../engine/run.ts';
import type { Unit } from '../engine/units.ts';
import type { Lab } from '../lab.ts';
import type { Context } from './command.ts';
import { showOf } from './show/show.ts';
import { exitCodeOf, exitCodes, troublesOf } from './trouble.ts';

interface RunWanted {
  readonly lab: Lab;
  readonly units: readonly Unit[];
  /** The one phase to run. */
  readonly only?: string;
  /** Gets every event as well. */
  readonly onEvent?: (event: Event) => void;
}

/** How a run went as a whole. */
export interface RunEnd {
  readonly reports: readonly UnitReport[];
  readonly events: readonly Event[];
  readonly exit: number;
}

/** Runs the units and shows how they go. */
export async function runAndShow(context: Context, wanted: RunWanted): Promise<RunEnd> {
  const show = await showOf(context, wanted.units, wanted.lab.clock.now());
  const { signal } = context;
  const events: Event[] = [];
  const onEvent = (event: Event) => {
    events.push(event);
    wanted.onEvent?.(event);
    show.onEvent(event);
  };
  const reports = await runUnits({ ...wanted, signal, onEvent });
  await show.end();
  return { reports, events, exit: exitOf(reports, signal) };
}

/** Steps that were done. */
export function changesOf(reports: readonly UnitReport[]): number {
  return reports.reduce((sum, { outcome }) => sum + ('changes' in outcome ? outcome.changes : 0), 0);
}

/** The errors of units, each once: machines may share one. */
export function errorsOf(reports: readonly UnitReport[]): readonly unknown[] {
  return [...new Set(reports.flatMap(({ outcome }) => (outcome.state === 'failed' ? [outcome.error] : [])))];
}

function exitOf(reports: readonly UnitReport[], signal: AbortSignal): number {
  const errors = errorsOf(reports);
  if (signal.aborted) return exitCodes.stopped;
  return errors.length > 0 ? exitCodeOf(errors.flatMap(troublesOf)) : exitCodes.inPlace;
}
