import type { Event, Outcome } from '../../engine/events.ts';
import type { Screen } from '../screen.ts';
import { troublesOf } from '../trouble.ts';
import type { Show } from './show.ts';
import { outcomeText } from './outcome-text.ts';
import { secondsText } from './seconds-text.ts';

/** `12.3s  prepare-nodes dev-s1  done: set the sysctls (0.4s)` */
export function showLines(screen: Screen, start: number): Show {
  return {
    onEvent(event) {
      const text = textOf(event);
      if (text) screen.print(`${secondsText(event.at - start).padStart(8)}  ${event.unit.name}  ${text}`);
    },
    end: async () => {},
  };
}

function textOf(event: Event): string | undefined {
  switch (event.type) {
    case 'started':
      return undefined;
    case 'step-started':
      return `${event.title} …`;
    case 'step-done':
      return `${event.title} … done (${secondsText(event.seconds)})`;
    case 'waiting':
      return `waiting: ${event.missing.map(({ title }) => title).join('; ')}`;
    case 'ended':
      return endText(event.outcome);
  }
}

function endText(outcome: Outcome): string | undefined {
  if (outcome.state === 'off') return undefined;
  if (outcome.state !== 'failed') return outcomeText(outcome);
  const messages = troublesOf(outcome.error).map(({ message }) => message);
  return `${outcomeText(outcome)}: ${messages.join('; ')}`;
}
