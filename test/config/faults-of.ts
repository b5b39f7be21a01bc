import { ConfigError } from '../../src/engine/errors.ts';
import type { ConfigFault } from '../../src/engine/errors.ts';

/** The faults that a parse ends with; none where it does not fail. Any other error is a bug and passes through. */
export function faultsOf(parse: () => unknown): readonly ConfigFault[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
