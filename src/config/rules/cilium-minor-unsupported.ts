import type { Rule } from './rule.ts';

export const ciliumMinorUnsupported: Rule = {
  id: 'CILIUM_MINOR_UNSUPPORTED',
  title: 'The RKE2 version brings a Cilium whose chart values are known: 1.18, 1.19 or 1.20.',
  link: 'https://docs.cilium.io/en/stable/operations/upgrade/',
  *check({ cilium, rke2 }) {
    if (cilium.version.startsWith('1.') && cilium.minor >= 18 && cilium.minor <= 20) return;
    yield {
      path: ['rke2', rke2.ciliumChart === undefined ? 'version' : 'ciliumChart'],
      involves: [
        ['rke2', 'version'],
        ['rke2', 'ciliumChart'],
      ],
      message: `expected an RKE2 version with Cilium 1.18, 1.19 or 1.20, came ${rke2.version} with Cilium ${cilium.version}`,
      fix: `set rke2.version to v1.36.4+rke2r1, which has Cilium 1.19.6${rke2.ciliumChart === undefined ? '' : ', and remove rke2.ciliumChart'}`,
    };
  },
};
