import { describe, expect, test } from 'vitest';
import { reservedValues } from '../../../src/config/rules/reserved-values.ts';
import { findings } from './findings.ts';

describe('RESERVED_VALUES', () => {
  const values = (yaml: string) => `features: { cilium: { values: ${yaml} } }`;

  test.each([
    '{}',
    '{ kubeProxyReplacement: true }',
    '{ authentication: { mutual: { spire: { install: { agent: {} } } } } }',
    '{ loadBalancer: 3 }',
  ])('lets %s pass', (yaml) => {
    expect(findings(reservedValues, values(yaml))).toEqual([]);
  });

  test.each([
    ['failurePolicy', '{ failurePolicy: reinstall }'],
    ['kubeProxyReplacement', '{ kubeProxyReplacement: false }'],
    ['kubeProxyReplacement', '{ kubeProxyReplacement: "false" }'],
    ['kubeProxyReplacement', '{ kubeProxyReplacement: ~ }'],
    [
      'authentication.mutual.spire.install.server.dataStorage',
      '{ authentication: { mutual: { spire: { install: { server: { dataStorage: { enabled: true } } } } } } }',
    ],
    ['devices', '{ devices: [eth9] }'],
    ['loadBalancer.acceleration', '{ loadBalancer: { acceleration: native } }'],
  ])('refuses %s in %s', (key, yaml) => {
    expect(findings(reservedValues, values(yaml))).toEqual([
      expect.stringContaining(`error features.cilium.values.${key}: expected no ${key} here`),
    ]);
  });
});
