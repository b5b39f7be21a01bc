import type { Event } from '../../engine/events.ts';
import { criticalPath } from '../../engine/critical-path.ts';
import type { UnitReport } from '../../engine/run.ts';
import type { Unit } from '../../engine/units.ts';
import { outcomeRecord } from '../show/json.ts';
import { spanOf } from './summary.ts';

/** A run as it is kept in `<lab directory>/reports/`. */
interface RunFacts {
  readonly lab: string;
  readonly command: string;
  readonly endedAt: Date;
  readonly exit: number;
  readonly reports: readonly UnitReport[];
  readonly events: readonly Event[];
}

/** Name and text of the report of a run. No secret is in it: of steps it has the titles. */
export function runReport({ lab, command, endedAt, exit, reports, events }: RunFacts): {
  readonly name: string;
  readonly content: string;
} {
  const start = Math.min(...reports.map(({ startedAt }) => startedAt));
  const report = {
    lab,
    command,
    endedAt: endedAt.toISOString(),
    seconds: round(spanOf(reports)),
    exit,
    units: reports.map((one) => ({
      unit: one.unit.name,
      startedAt: round(one.startedAt - start),
      seconds: round(one.endedAt - one.startedAt),
      ...outcomeRecord(one.outcome),
      steps: stepsOf(one.unit, events),
    })),
    criticalPath: criticalPath(reports).map(({ unit }) => unit.name),
  };
  return {
    name: `${endedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`,
    content: `${JSON.stringify(report, null, 2)}\n`,
  };
}

function stepsOf(unit: Unit, events: readonly Event[]) {
  return events.flatMap((event) =>
    event.unit === unit && event.type === 'step-done' ? [{ title: event.title, seconds: round(event.seconds) }] : [],
  );
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
