import type { Fault } from './fault.ts';

/** Every fault that can be rehearsed: add yours here. */
export const faults: readonly Fault[] = [];
