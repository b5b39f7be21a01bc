import type { Rule } from './rule.ts';

interface Reserved {
  /** A chart value. */
  readonly keys: readonly string[];
  readonly reason: string;
  readonly fix: string;
  /** What may be written all the same; nothing unless said. */
  readonly allowed?: unknown;
}

const reserved: readonly Reserved[] = [
  {
    keys: ['failurePolicy'],
    reason: 'is no value of the chart but a field of the HelmChartConfig',
    fix: 'set features.cilium.failurePolicy',
  },
  {
    keys: ['authentication', 'mutual', 'spire', 'install', 'server', 'dataStorage'],
    reason: 'is changed by the phase migrate-spire alone; a change without it takes the identities away',
    fix: 'set features.cilium.mutualAuth.spire.dataStorage',
  },
  {
    keys: ['kubeProxyReplacement'],
    reason: 'is always true: the lab has no kube-proxy',
    fix: 'remove features.cilium.values.kubeProxyReplacement',
    allowed: true,
  },
  { keys: ['devices'], reason: 'has a key of its own, which rules check', fix: 'set features.cilium.devices' },
  {
    keys: ['loadBalancer', 'acceleration'],
    reason: 'has a key of its own, which rules check',
    fix: 'set features.cilium.loadBalancer.acceleration',
  },
];

export const reservedValues: Rule = {
  id: 'RESERVED_VALUES',
  title: 'The chart values of the operator leave alone what the toolkit must decide.',
  link: 'https://github.com/k3s-io/helm-controller/issues/246',
  *check({ features: { cilium } }) {
    for (const { keys, reason, fix, allowed } of reserved) {
      const found = keys.reduce<unknown>(child, cilium.values);
      if (found === undefined || found === allowed) continue;
      const path = ['features', 'cilium', 'values', ...keys];
      yield { path, message: `expected no ${keys.join('.')} here: it ${reason}`, fix };
    }
  },
};

function child(map: unknown, key: string): unknown {
  return typeof map === 'object' && map !== null && Object.hasOwn(map, key) ? Reflect.get(map, key) : undefined;
}
