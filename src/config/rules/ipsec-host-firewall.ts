import type { Rule } from './rule.ts';

export const ipsecHostFirewall: Rule = {
  id: 'IPSEC_HOST_FIREWALL',
  title: 'Encryption by IPsec goes without the host firewall, which drops its packets.',
  link: 'https://github.com/cilium/cilium/issues/41854',
  *check({ features: { cilium } }) {
    const { encryption, hostFirewall } = cilium;
    if (!encryption.enabled || encryption.type !== 'ipsec' || !hostFirewall.enabled) return;
    yield {
      path: ['features', 'cilium', 'encryption', 'type'],
      involves: [
        ['features', 'cilium', 'hostFirewall', 'enabled'],
        ['features', 'cilium', 'encryption', 'enabled'],
      ],
      message: 'expected wireguard while the host firewall is on, came ipsec',
      fix: 'set features.cilium.encryption.type to wireguard, or features.cilium.hostFirewall.enabled to false',
    };
  },
};
