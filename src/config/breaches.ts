import type { Finding } from './finding.ts';
import * as rules from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import type { Config } from './schema.ts';

/** A finding with the rule that made it. */
export interface Breach {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** What all rules have to say, notices too. */
export function breaches(config: Config): Breach[] {
  return Object.values(rules).flatMap((rule: Rule) => [...rule.check(config)].map((finding) => ({ rule, finding })));
}
