import type { Benchmark } from './benchmark.ts';
import { commandStart } from './command-start.ts';
import { prepareNodes } from './prepare-nodes.ts';
import { rehearsalPlan } from './rehearsal-plan.ts';

/** Every benchmark: add yours here. */
export const benchmarks: readonly Benchmark[] = [commandStart, rehearsalPlan, prepareNodes];
