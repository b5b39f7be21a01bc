import { setTimeout as timer } from 'node:timers/promises';
import type { Clock } from '../lab.ts';

/** The computer's own time, monotonic. */
export const systemClock: Clock = {
  now: () => performance.now() / 1000,
  async wait(seconds, signal) {
    try {
      await timer(seconds * 1000, undefined, { signal });
    } catch (error) {
      // The timer wraps the reason in an error of its own; callers compare with the signal's.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
