/** Something that is due at a moment, in seconds of the virtual clock. */
export interface Timer {
  readonly at: number;
  /** True where somebody waits for it. */
  readonly awaited: boolean;
  act(): void;
}

/** Timers by moment; those of the same moment in the order in which they came. */
export interface TimerQueue {
  add(timer: Timer): void;
  remove(timer: Timer): void;
  /** The earliest, taken out; undefined where nobody waits for any. */
  next(): Timer | undefined;
  /** True while somebody waits. */
  isAwaited(): boolean;
}

export function timerQueue(): TimerQueue {
  const timers: Timer[] = [];
  let awaited = 0;
  const taken = (timer: Timer | undefined): Timer | undefined => {
    if (timer?.awaited) awaited -= 1;
    return timer;
  };
  return {
    add: (timer) => {
      timers.splice(placeOf(timers, timer.at), 0, timer);
      if (timer.awaited) awaited += 1;
    },
    remove: (timer) => {
      const index = timers.indexOf(timer);
      if (index !== -1) taken(timers.splice(index, 1)[0]);
    },
    next: () => (awaited > 0 ? taken(timers.shift()) : undefined),
    isAwaited: () => awaited > 0,
  };
}

/** Index of the first timer that is due later. */
function placeOf(timers: readonly Timer[], at: number): number {
  let [low, high] = [0, timers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timers[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
