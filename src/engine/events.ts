import type { Step } from './phase.ts';
import type { Unit } from './units.ts';

/** What happens in a run, as it happens. `at` is in seconds of the lab's clock. */
export type Event = { readonly at: number; readonly unit: Unit } & (
  | { readonly type: 'started' }
  | { readonly type: 'step-started'; readonly title: string }
  | { readonly type: 'step-done'; readonly title: string; readonly seconds: number }
  /** Nothing to do but wait; sent again only when what is missing has changed. */
  | { readonly type: 'waiting'; readonly missing: readonly Step[] }
  | { readonly type: 'ended'; readonly outcome: Outcome }
);

export type Outcome =
  /** As wanted. `changes` = steps that were run; 0 = it was so before. */
  | { readonly state: 'done'; readonly changes: number }
  /** Switched off in config.yaml. */
  | { readonly state: 'off' }
  | { readonly state: 'failed'; readonly changes: number; readonly error: unknown }
  /** Left out or given up, because these units did not end well. */
  | { readonly state: 'skipped'; readonly because: readonly Unit[] }
  /** Ended by the run's signal, before or in the middle. */
  | { readonly state: 'stopped'; readonly changes: number };
