import type { Rule } from './rule.ts';

export const spireRemoved: Rule = {
  id: 'SPIRE_REMOVED',
  title: 'Mutual authentication needs Cilium below 1.21, which has no SPIRE any more; 1.20 says it is deprecated.',
  link: 'https://github.com/cilium/cilium/issues/47132',
  *check({ features, cilium }) {
    if (!features.cilium.mutualAuth.enabled || cilium.minor < 20) return;
    const isRemoved = cilium.minor > 20;
    yield {
      path: ['features', 'cilium', 'mutualAuth', 'enabled'],
      involves: [
        ['rke2', 'version'],
        ['rke2', 'ciliumChart'],
      ],
      level: isRemoved ? 'error' : 'notice',
      message: isRemoved
        ? `expected false with Cilium ${cilium.version}, which has no SPIRE any more, came true`
        : `expected false before Cilium 1.21, which removes SPIRE (deprecated in ${cilium.version}), came true`,
      fix: 'set features.cilium.mutualAuth.enabled to false; features.cilium.encryption stays',
    };
  },
};
