import type { Clock } from '../../src/lab.ts';

/** Time that passes as soon as somebody waits. `waits` are the seconds waited for. */
export function instantClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => waits.reduce((sum, seconds) => sum + seconds, 0),
    wait: async (seconds, signal) => {
      signal?.throwIfAborted();
      waits.push(seconds);
    },
  };
}
