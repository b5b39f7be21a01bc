import type { KubeObject } from '../lab.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** Why a Node is not ready, in its own words; undefined = it is. */
export function nodeTrouble(node: KubeObject | undefined): string | undefined {
  if (!node) return 'not registered yet';
  const conditions: readonly Condition[] = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  return ready?.message || 'no Ready condition yet';
}
