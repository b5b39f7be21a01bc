import { describe, expect, test } from 'vitest';
import { ciliumL2Interface } from '../../../src/config/rules/cilium-l2-interface.ts';
import { findings } from './findings.ts';

describe('CILIUM_L2_INTERFACE', () => {
  test('lets announcing interfaces pass that are among the devices', () => {
    expect(findings(ciliumL2Interface, '')).toEqual([]);
    expect(findings(ciliumL2Interface, 'features: { cilium: { devices: [eth+] } }')).toEqual([]);
  });

  test('refuses the interface of the lab network where it is no device', () => {
    expect(findings(ciliumL2Interface, 'features: { cilium: { devices: [eth0] } }')).toEqual([
      "error features.cilium.devices: expected eth1, which announces the load balancer's addresses, among Cilium's devices, came eth0",
    ]);
  });

  test('refuses all interfaces at once that are no device', () => {
    const yaml = 'features: { loadBalancer: { interfaces: [eth0, eth2, ens3] }, cilium: { devices: [eth+] } }';
    const [only, ...more] = findings(ciliumL2Interface, yaml);
    expect(only).toContain('expected ens3,');
    expect(more).toEqual([]);
    expect(findings(ciliumL2Interface, yaml.replace('eth+', 'eth0'))[0]).toContain('expected eth2, ens3,');
  });

  test('says nothing where Cilium announces no addresses', () => {
    expect(
      findings(ciliumL2Interface, 'features: { loadBalancer: { provider: metallb }, cilium: { devices: [eth0] } }'),
    ).toEqual([]);
    expect(
      findings(ciliumL2Interface, 'features: { loadBalancer: { enabled: false }, cilium: { devices: [eth0] } }'),
    ).toEqual([]);
  });
});
