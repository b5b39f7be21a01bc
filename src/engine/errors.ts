interface LabErrorOptions extends ErrorOptions {
  /** True when the same look may succeed later by itself: an API that is restarting, a machine that reboots. */
  readonly transient?: boolean;
}

/** A trouble of the lab, not of this program: says what could not be done, to what, and how to put it right. */
export class LabError extends Error {
  override readonly name: string = 'LabError';
  /** A command to type or a line to edit. */
  readonly fix: string;
  /** The engine looks again, within the phase's time, before it takes a transient error for the end. */
  readonly transient: boolean;

  constructor(message: string, fix: string, options: LabErrorOptions = {}) {
    super(message, options);
    this.fix = fix;
    this.transient = options.transient ?? false;
  }
}

/** One thing wrong in config.yaml. `line` and `column` count from 1. */
export interface ConfigFault {
  /** Dotted path of the key, `machines.network.subnet`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** What was expected and what came. */
  readonly message: string;
  readonly fix: string;
  /** Id of the rule that found it, `LB_POOL_OVERLAP`; none for faults of form. */
  readonly rule?: string;
  /** The upstream page or issue that is the reason of the rule. */
  readonly link?: string;
}

/** Everything that is wrong in config.yaml, all at once. */
export class ConfigError extends LabError {
  override readonly name = 'ConfigError';
  readonly file: string;
  readonly faults: readonly ConfigFault[];

  constructor(file: string, faults: readonly ConfigFault[]) {
    super(
      `${file} has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}`,
      `edit ${file}: ${faults[0]?.fix ?? 'see the faults'}`,
    );
    this.file = file;
    this.faults = faults;
  }
}
