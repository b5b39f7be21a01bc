import { describe, expect, test } from 'vitest';
import { spireRemoved } from '../../../src/config/rules/spire-removed.ts';
import { findings } from './findings.ts';

describe('SPIRE_REMOVED', () => {
  const key = 'features.cilium.mutualAuth.enabled';

  test('lets mutual authentication pass with Cilium 1.19', () => {
    expect(findings(spireRemoved, 'rke2: { ciliumChart: 1.19.601 }')).toEqual([]);
  });

  test('notices that it is deprecated in Cilium 1.20', () => {
    expect(findings(spireRemoved, 'rke2: { ciliumChart: 1.20.200 }')).toEqual([
      `notice ${key}: expected false before Cilium 1.21, which removes SPIRE (deprecated in 1.20.2), came true`,
    ]);
  });

  test('refuses it with Cilium 1.21', () => {
    expect(findings(spireRemoved, 'rke2: { ciliumChart: 1.21.001 }')).toEqual([
      `error ${key}: expected false with Cilium 1.21.0, which has no SPIRE any more, came true`,
    ]);
  });

  test('says nothing where it is off', () => {
    const yaml = 'rke2: { ciliumChart: 1.21.001 }\nfeatures: { cilium: { mutualAuth: { enabled: false } } }';
    expect(findings(spireRemoved, yaml)).toEqual([]);
  });
});
