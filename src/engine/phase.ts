import type { Config, Node } from '../config/schema.ts';
import type { Lab } from '../lab.ts';

/**
 * One thing that is not yet right.
 * `title` is an order in lower case that names object and machine ("start rke2-server on dev-s1"), so that
 * "could not " + title is a sentence; unique within a plan. Without `run`, only time can help: the engine waits.
 */
export interface Step {
  readonly title: string;
  readonly run?: (signal: AbortSignal) => Promise<unknown>;
  /** For a wait: what to look at when it does not end, a command or a known cause. Shown with the time-out. */
  readonly hint?: string;
  /** For a wait: the machine that this phase must be done on first. Where it fails there, the wait ends at once. */
  readonly waitsFor?: string;
}

/** 'machine': one independent loop for each machine of config.yaml; 'lab': one loop. */
export type PhaseScope = 'lab' | 'machine';

// oxlint-disable-next-line typescript/no-explicit-any -- the erased edge: a list of phases of any type
export type AnyPhase = Phase<any, any, any, PhaseScope>;

/** Other phases by role: `{ machines: createMachines }`. They give order and, typed, their facts. */
export type Needs = Readonly<Record<string, AnyPhase>>;

/** The facts of a phase of scope 'machine' are those of the same machine, or for a lab phase one per machine name. */
export type FactsOf<N extends Needs, S extends PhaseScope> = {
  readonly [Role in keyof N]: N[Role] extends Phase<any, infer F, any, infer NeedScope> // oxlint-disable-line typescript/no-explicit-any
    ? 'machine' extends NeedScope
      ? S extends 'machine'
        ? F
        : ReadonlyMap<string, F>
      : F
    : never;
};

/**
 * A part of the lab that is as wanted when `plan` has nothing left to do.
 * Phases live in `src/phases/`, one file each, named as the phase; they are listed in `src/phases/index.ts`.
 */
export interface Phase<Want, Facts, N extends Needs, S extends PhaseScope> {
  /** What a person types, and the file's name: 'install-rke2'. */
  readonly name: string;
  /** An order with a capital: "Install RKE2". */
  readonly title: string;
  readonly scope: S;
  readonly needs: N;
  /** All that the phase sees of config.yaml, for a phase of scope 'machine' with its node; undefined = switched off. */
  reads(config: Config, node: S extends 'machine' ? Node : undefined): Want | undefined;
  /** All that it may change, as shown in the README; the test harness refuses anything else. Patterns: `machine:/etc/rancher/**`, `host:…`, `provider`, `artefacts`. */
  readonly writes: readonly string[];
  /** Seconds without any progress until a wait is an error; 300 unless said. */
  readonly within?: number;
  /** What is not yet right, first things first; empty = done. Looks only, never changes. */
  plan(lab: Lab, want: Want, needs: FactsOf<N, S>): Promise<readonly Step[]>;
  /** What later phases may know. Asked when `plan` is empty; looked up, never remembered. */
  facts?(lab: Lab, want: Want): Promise<Facts>;
}

/** Gives a phase its types; changes nothing. */
export function definePhase<Want, Facts = undefined, N extends Needs = Needs, S extends PhaseScope = PhaseScope>(
  phase: Phase<Want, Facts, N, S>,
): Phase<Want, Facts, N, S> {
  return phase;
}
