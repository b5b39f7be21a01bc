import type { Event, Outcome } from '../../engine/events.ts';
import type { Screen } from '../screen.ts';
import { troublesOf } from '../trouble.ts';
import type { Show } from './show.ts';

/** One object a line and event. Only titles are shown: no secret is ever in one. */
export function showJson(screen: Screen): Show {
  return { onEvent: (event) => screen.print(JSON.stringify(recordOf(event))), end: async () => {} };
}

function recordOf({ unit, ...event }: Event): Readonly<Record<string, unknown>> {
  const record = {
    ...event,
    at: milliseconds(event.at),
    phase: unit.phase.name,
    ...(unit.node && { machine: unit.node.name }),
  };
  if (record.type === 'step-done') return { ...record, seconds: milliseconds(record.seconds) };
  if (record.type === 'waiting') return { ...record, missing: record.missing.map(({ title }) => title) };
  if (record.type === 'ended') return { ...record, outcome: outcomeRecord(record.outcome) };
  return record;
}

/** An outcome as plain data. */
export function outcomeRecord(outcome: Outcome): Readonly<Record<string, unknown>> {
  if (outcome.state === 'failed') {
    const { error, ...others } = outcome;
    return { ...others, errors: troublesOf(error) };
  }
  if (outcome.state === 'skipped') return { ...outcome, because: outcome.because.map(({ name }) => name) };
  return { ...outcome };
}

/** Seconds, to the millisecond. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
