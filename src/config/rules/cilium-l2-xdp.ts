import type { Rule } from './rule.ts';

export const ciliumL2Xdp: Rule = {
  id: 'CILIUM_L2_XDP',
  title: 'Load balancer addresses announced by Cilium go without XDP acceleration, which breaks the announcements.',
  link: 'https://github.com/cilium/cilium/issues/40396',
  *check({ features: { loadBalancer, cilium } }) {
    const { acceleration } = cilium.loadBalancer;
    if (!loadBalancer.enabled || loadBalancer.provider !== 'cilium' || acceleration === 'disabled') return;
    yield {
      path: ['features', 'cilium', 'loadBalancer', 'acceleration'],
      involves: [
        ['features', 'loadBalancer', 'provider'],
        ['features', 'loadBalancer', 'enabled'],
      ],
      message: `expected disabled while Cilium announces the load balancer's addresses, came ${acceleration}`,
      fix: 'set features.cilium.loadBalancer.acceleration to disabled, or features.loadBalancer.provider to metallb',
    };
  },
};
