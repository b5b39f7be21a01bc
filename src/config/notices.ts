import { dotted } from './finding.ts';
import { breaches } from './breaches.ts';
import type { Config } from './schema.ts';

/** Something about a good config.yaml that its operator wants to know. */
export interface Notice {
  /** `SPIRE_REMOVED` */
  readonly rule: string;
  /** Dotted path of the key. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  readonly link: string;
}

export function notices(config: Config): Notice[] {
  return breaches(config).flatMap(({ rule, finding }) => {
    if (finding.level !== 'notice') return [];
    const { path, message, fix } = finding;
    return [{ rule: rule.id, path: dotted(path), message, fix, link: rule.link }];
  });
}
