import { describe, expect, test } from 'vitest';
import { ciliumL2Xdp } from '../../../src/config/rules/cilium-l2-xdp.ts';
import { findings } from './findings.ts';

describe('CILIUM_L2_XDP', () => {
  test('lets addresses be announced without acceleration', () => {
    expect(findings(ciliumL2Xdp, '')).toEqual([]);
  });

  test.each(['native', 'best-effort'])('refuses %s acceleration where Cilium announces addresses', (acceleration) => {
    expect(findings(ciliumL2Xdp, `features: { cilium: { loadBalancer: { acceleration: ${acceleration} } } }`)).toEqual([
      "error features.cilium.loadBalancer.acceleration: expected disabled while Cilium announces the load balancer's addresses, came " +
        acceleration,
    ]);
  });

  test('takes acceleration where MetalLB announces addresses', () => {
    const yaml =
      'features: { loadBalancer: { provider: metallb }, cilium: { loadBalancer: { acceleration: native } } }';
    expect(findings(ciliumL2Xdp, yaml)).toEqual([]);
  });
});
