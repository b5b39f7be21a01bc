import type { Result } from '../lab.ts';
import type { World } from './world.ts';

/** A call of a program. */
export interface Call<Where> {
  readonly world: World;
  /** The machine, or the operator's computer. */
  readonly on: Where;
  /** Without the program's name. */
  readonly args: readonly string[];
  readonly stdin: string | undefined;
  /** Lets time pass. */
  wait(seconds: number): Promise<void>;
}

/**
 * A program of the rehearsal. Programs lie in `programs/`, one file each, listed in `programs/on-machines.ts` and
 * `programs/on-host.ts`. They are strict: an option or an object that the model does not have is a bug, not a success.
 */
export interface Program<Where> {
  readonly name: string;
  /** True where these arguments change something: then `look` may not be used. */
  changes(args: readonly string[]): boolean;
  /** Spelling of the change in `Phase.writes`, for programs that write a file of the caller's; `run NAME` unless said. */
  writes?(args: readonly string[]): string;
  call(call: Call<Where>): Result | Promise<Result>;
}

export function succeeded(stdout = ''): Result {
  return { code: 0, stdout, stderr: '' };
}

export function failed(code: number, stderr = ''): Result {
  return { code, stdout: '', stderr };
}

/** The bug of asking for something that the rehearsal does not model. */
export function notModelled(program: string, args: readonly string[]): Error {
  return new Error(`the rehearsal does not know: ${[program, ...args].join(' ')}`);
}
