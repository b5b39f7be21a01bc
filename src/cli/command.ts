import type { Config } from '../config/schema.ts';
import type { AnyPhase } from '../engine/phase.ts';
import type { Lab } from '../lab.ts';
import type { Options } from './options.ts';
import type { Screen } from './screen.ts';

/** How a command ended. */
export interface Ending {
  /** 0 in place, 1 something missing, 2 lab or config error, 70 a bug, 130 stopped by the person. */
  readonly exit: number;
  /** What `--json` gets in the last line. */
  readonly result?: Readonly<Record<string, unknown>>;
}

export interface OpenedLab {
  readonly lab: Lab;
  /** Ends connections. */
  close(): Promise<void>;
}

/** What a command works with. */
export interface Context {
  readonly options: Options;
  /** Words behind the command's name. */
  readonly words: readonly string[];
  readonly screen: Screen;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly phases: () => Promise<readonly AnyPhase[]>;
  /** The lab of this config.yaml. */
  openLab(config: Config, place: LabPlace): Promise<OpenedLab>;
}

export interface LabPlace {
  /** `.lab/<name>` beside config.yaml. */
  readonly directory: string;
  /** Gets what the lab's programs print. */
  readonly onLine: (line: string) => void;
  /** Gets what was decided that config.yaml left open. */
  readonly onNote: (text: string) => void;
}

/** A command. Lives in `src/cli/commands/`, one file each, and is listed in `src/cli/commands/index.ts`. */
export type Command = (context: Context) => Promise<Ending>;
