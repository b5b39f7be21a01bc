import { ConfigError, LabError, type ConfigFault } from '../engine/errors.ts';

/** An error as a person, or --json, gets it. */
export interface Trouble {
  readonly kind: 'lab' | 'config' | 'bug';
  readonly message: string;
  /** Messages of the causes, nearest first. */
  readonly because: readonly string[];
  readonly fix?: string;
  readonly file?: string;
  readonly faults?: readonly ConfigFault[];
  readonly stack?: string;
}

export const exitCodes = { inPlace: 0, missing: 1, trouble: 2, bug: 70, stopped: 130 } as const;

/** Every error in an error: those of an AggregateError one by one. */
export function troublesOf(error: unknown): readonly Trouble[] {
  if (error instanceof AggregateError) return error.errors.flatMap(troublesOf);
  return [troubleOf(error)];
}

/** 70 as soon as one of them is a bug. */
export function exitCodeOf(troubles: readonly Trouble[]): number {
  return troubles.some(({ kind }) => kind === 'bug') ? exitCodes.bug : exitCodes.trouble;
}

function troubleOf(error: unknown): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  const because = causesOf(error).map((cause) => (cause instanceof Error ? cause.message : String(cause)));
  if (error instanceof ConfigError) return { kind: 'config', message, because, file: error.file, faults: error.faults };
  const stack = error instanceof Error && error.stack ? { stack: error.stack } : {};
  if (error instanceof LabError) return { kind: 'lab', message, because, fix: error.fix, ...stack };
  return { kind: 'bug', message, because, ...stack };
}

function causesOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error) || error.cause === undefined) return [];
  const causes = error.cause instanceof AggregateError ? error.cause.errors : [error.cause];
  return causes.flatMap((cause: unknown) => [cause, ...causesOf(cause)]);
}
