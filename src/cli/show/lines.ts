import type { Event, Outcome } from '../../engine/events.ts';
import type { Unit } from '../../engine/units.ts';
import type { Screen } from '../screen.ts';
import { troublesOf } from '../trouble.ts';
import { outcomeText } from './outcome-text.ts';
import { secondsText } from './seconds-text.ts';
import type { Show } from './show.ts';

/** A step that takes longer has a line when it starts, too; of the computer's own time. */
const LONG_MILLISECONDS = 2000;

/** `12.3s  prepare-nodes dev-s1  set the sysctls … done (0.4s)` */
export function showLines(screen: Screen, start: number): Show {
  const announcements = new Map<Unit, NodeJS.Timeout>();
  const print = ({ at, unit }: Event, text: string) =>
    screen.print(`${secondsText(at - start).padStart(8)}  ${unit.name}  ${text}`);
  return {
    onEvent(event) {
      clearTimeout(announcements.get(event.unit));
      if (event.type === 'step-started')
        announcements.set(event.unit, setTimeout(print, LONG_MILLISECONDS, event, `${event.title} …`).unref());
      const text = textOf(event);
      if (text) print(event, text);
    },
    end: async () => {},
  };
}

function textOf(event: Event): string | undefined {
  switch (event.type) {
    case 'started':
    case 'step-started':
      return undefined;
    case 'step-done':
      return `${event.title} … done (${secondsText(event.seconds)})`;
    case 'waiting':
      return `waiting: ${event.missing.map(({ title }) => title).join('; ')}`;
    case 'ended':
      return endText(event.unit, event.outcome);
  }
}

function endText(unit: Unit, outcome: Outcome): string | undefined {
  if (outcome.state === 'off') return undefined;
  if (outcome.state !== 'failed') return outcomeText(outcome);
  const messages = troublesOf(outcome.error).map(({ message }) => message.replace(`${unit.name}: `, ''));
  return `${outcomeText(outcome)}: ${messages.join('; ')}`;
}
