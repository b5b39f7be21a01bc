import type { Finding } from '../finding.ts';
import type { Config } from '../schema.ts';

/**
 * A check that needs more than one key of config.yaml, or knowledge that the schema does not have.
 * Rules live in `src/config/rules/`, one file each, named as the id; they are listed in `src/config/rules/index.ts`.
 */
export interface Rule {
  /** `LB_POOL_OVERLAP`: what people search for. Never changed. */
  readonly id: string;
  /** What holds in a good config.yaml, as a sentence. */
  readonly title: string;
  /** The upstream page or issue that is the reason. */
  readonly link: string;
  /** Pure. Every key that a finding rests on is in its `path` or `involves`. */
  check(config: Config): Iterable<Finding>;
}
