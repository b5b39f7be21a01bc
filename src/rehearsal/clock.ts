import type { Clock } from '../lab.ts';
import { timerQueue, type Timer } from './timer-queue.ts';

/**
 * Virtual time. Everything in a rehearsal is promises and timers of this clock, so when Node reaches its
 * check phase (setImmediate) nothing else can run any more, and time jumps to the earliest timer.
 * The same calls in the same order give the same times.
 */
export interface VirtualClock extends Clock {
  /** Calls `act` at that moment. A thing of the world: time does not move for its sake alone, only while somebody waits. */
  at(seconds: number, act: () => void): void;
}

export function virtualClock(): VirtualClock {
  const timers = timerQueue();
  let now = 0;
  let pumping = false;
  const pump = () => {
    if (pumping || !timers.isAwaited()) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      const next = timers.next();
      if (!next) return;
      now = next.at;
      try {
        next.act();
      } finally {
        pump();
      }
    });
  };
  const add = (timer: Timer) => {
    timers.add(timer);
    pump();
  };
  return {
    now: () => now,
    at: (seconds, act) => add({ at: Math.max(seconds, now), awaited: false, act }),
    wait: (seconds, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = { at: now + seconds, awaited: true, act: resolve };
      const onAbort = () => {
        timers.remove(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      add(timer);
      return promise.finally(() => signal?.removeEventListener('abort', onAbort));
    },
  };
}
