import { describe, expect, test } from 'vitest';
import { ipsecHostFirewall } from '../../../src/config/rules/ipsec-host-firewall.ts';
import { findings } from './findings.ts';

describe('IPSEC_HOST_FIREWALL', () => {
  test('lets WireGuard and the host firewall pass together', () => {
    expect(findings(ipsecHostFirewall, '')).toEqual([]);
  });

  test('refuses IPsec with the host firewall', () => {
    expect(findings(ipsecHostFirewall, 'features: { cilium: { encryption: { type: ipsec } } }')).toEqual([
      'error features.cilium.encryption.type: expected wireguard while the host firewall is on, came ipsec',
    ]);
  });

  test.each([
    'hostFirewall: { enabled: false }, encryption: { type: ipsec }',
    'encryption: { enabled: false, type: ipsec }',
  ])('takes { %s }', (values) => {
    expect(findings(ipsecHostFirewall, `features: { cilium: { ${values} } }`)).toEqual([]);
  });
});
