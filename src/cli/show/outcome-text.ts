import type { Outcome } from '../../engine/events.ts';
import { phaseNames } from '../state.ts';

/** How a unit went, in a few words. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.state) {
    case 'done':
      return outcome.changes === 0 ? 'in place' : `done, ${countText(outcome.changes, 'step')}`;
    case 'off':
      return 'off';
    case 'failed':
      return 'FAILED';
    case 'skipped':
      return `left out, because of ${phaseNames(outcome.because).join(', ')}`;
    case 'stopped':
      return outcome.changes === 0 ? 'stopped' : `stopped after ${countText(outcome.changes, 'step')}`;
  }
}

/** `1 step`, `2 steps` */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
