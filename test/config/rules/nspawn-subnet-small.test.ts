import { describe, expect, test } from 'vitest';
import { nspawnSubnetSmall } from '../../../src/config/rules/nspawn-subnet-small.ts';
import { findings } from './findings.ts';

const yaml = (provider: string, managementSubnet: string) =>
  `machines: { provider: ${provider}, nspawn: { managementSubnet: ${managementSubnet} } }`;

describe('NSPAWN_SUBNET_SMALL', () => {
  test('lets a management network pass that has a place for each machine', () => {
    expect(findings(nspawnSubnetSmall, yaml('nspawn', '10.9.0.0/26'))).toEqual([]);
  });

  test('refuses one without the number of a machine, and shows a larger one', () => {
    expect(findings(nspawnSubnetSmall, yaml('nspawn', '10.9.0.0/27'))).toEqual([
      'error machines.nspawn.managementSubnet: expected a subnet with a number 50 for dev-s1, came 10.9.0.0/27',
    ]);
  });

  test('has nothing to say of machines that are no containers', () => {
    expect(findings(nspawnSubnetSmall, yaml('libvirt', '10.9.0.0/27'))).toEqual([]);
  });
});
