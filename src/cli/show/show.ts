import type { Event } from '../../engine/events.ts';
import type { Unit } from '../../engine/units.ts';
import type { Context } from '../command.ts';
import { showJson } from './json.ts';
import { showLines } from './lines.ts';

/** Shows a run while it goes. */
export interface Show {
  onEvent(event: Event): void;
  /** Resolves when all is drawn. */
  end(): Promise<void>;
}

/** A list that is drawn over on a terminal, a line per event elsewhere, objects for --json. */
export async function showOf(
  { options, screen, signal }: Context,
  units: readonly Unit[],
  start: number,
): Promise<Show> {
  if (options.json) return showJson(screen);
  if (!screen.isTerminal || options.verbose) return showLines(screen, start);
  const { showList } = await import('./list.ts');
  const list = showList(units, signal);
  screen.isDrawn = true;
  return {
    onEvent: list.onEvent,
    async end() {
      await list.end();
      screen.isDrawn = false;
    },
  };
}
