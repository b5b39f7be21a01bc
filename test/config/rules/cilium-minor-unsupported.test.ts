import { describe, expect, test } from 'vitest';
import { ciliumMinorUnsupported } from '../../../src/config/rules/cilium-minor-unsupported.ts';
import { findings } from './findings.ts';

describe('CILIUM_MINOR_UNSUPPORTED', () => {
  test.each(['1.18.000', '1.19.601', '1.20.200'])('takes the chart %s', (chart) => {
    expect(findings(ciliumMinorUnsupported, `rke2: { ciliumChart: ${chart} }`)).toEqual([]);
  });

  test.each(['1.17.600', '1.21.001', '2.19.001'])('refuses the chart %s', (chart) => {
    const [only] = findings(ciliumMinorUnsupported, `rke2: { ciliumChart: ${chart} }`);
    expect(only).toContain(
      'error rke2.ciliumChart: expected an RKE2 version with Cilium 1.18, 1.19 or 1.20, came v1.36.4+rke2r1 with',
    );
  });

  test('refuses an RKE2 version that is known to bring an older one', () => {
    expect(findings(ciliumMinorUnsupported, 'rke2: { version: v1.33.3+rke2r1 }')).toEqual([
      'error rke2.version: expected an RKE2 version with Cilium 1.18, 1.19 or 1.20, came v1.33.3+rke2r1 with Cilium 1.17.6',
    ]);
  });
});
