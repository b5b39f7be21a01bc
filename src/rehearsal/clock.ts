import type { Clock } from '../lab.ts';

/**
 * Virtual time. Everything in a rehearsal is promises and timers of this clock, so when Node reaches its
 * check phase (setImmediate) nothing else can run any more, and time jumps to the earliest timer.
 * The same calls in the same order give the same times.
 */
export interface VirtualClock extends Clock {
  /** Calls `act` at that moment. A thing of the world: time does not move for its sake alone, only while somebody waits. */
  at(seconds: number, act: () => void): void;
}

interface Timer {
  readonly at: number;
  /** Ties are broken by age. */
  readonly order: number;
  /** True where somebody waits for it. */
  readonly awaited: boolean;
  act(): void;
}

export function virtualClock(): VirtualClock {
  const timers: Timer[] = [];
  const state = { now: 0, order: 0, awaited: 0, pumping: false };
  const add = (timer: Timer) => {
    timers.splice(placeOf(timers, timer), 0, timer);
    if (timer.awaited) state.awaited += 1;
    pump();
  };
  const remove = (timer: Timer) => {
    const index = timers.indexOf(timer);
    if (index !== -1) timers.splice(index, 1);
    if (index !== -1 && timer.awaited) state.awaited -= 1;
  };
  const pump = () => {
    if (state.pumping || state.awaited === 0) return;
    state.pumping = true;
    setImmediate(() => {
      state.pumping = false;
      const next = state.awaited > 0 ? timers.shift() : undefined;
      if (!next) return;
      if (next.awaited) state.awaited -= 1;
      state.now = next.at;
      try {
        next.act();
      } finally {
        pump();
      }
    });
  };
  const timer = (at: number, awaited: boolean, act: () => void): Timer => {
    state.order += 1;
    return { at: Math.max(at, state.now), order: state.order, awaited, act };
  };
  return {
    now: () => state.now,
    at: (seconds, act) => add(timer(seconds, false, act)),
    wait: (seconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          remove(waiting);
          reject(signal?.reason);
        };
        const waiting = timer(state.now + seconds, true, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort, { once: true });
        return add(waiting);
      }),
  };
}

/** Index before the first timer that is due later. */
function placeOf(timers: readonly Timer[], timer: Timer): number {
  let [low, high] = [0, timers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = timers[middle];
    if (other && (other.at < timer.at || (other.at === timer.at && other.order < timer.order))) low = middle + 1;
    else high = middle;
  }
  return low;
}
