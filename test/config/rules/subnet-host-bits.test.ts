import { describe, expect, test } from 'vitest';
import { subnetHostBits } from '../../../src/config/rules/subnet-host-bits.ts';
import { findings } from './findings.ts';

describe('SUBNET_HOST_BITS', () => {
  test('lets a subnet pass that starts with its first address', () => {
    expect(findings(subnetHostBits, '')).toEqual([]);
  });

  test('refuses a subnet written with one of its other addresses', () => {
    expect(
      findings(
        subnetHostBits,
        'machines: { network: { subnet: 192.168.123.1/24 } }\nrke2: { serviceCidr: 10.43.7.0/16 }',
      ),
    ).toEqual([
      'error machines.network.subnet: expected 192.168.123.0/24, came 192.168.123.1/24',
      'error rke2.serviceCidr: expected 10.43.0.0/16, came 10.43.7.0/16',
    ]);
  });
});
