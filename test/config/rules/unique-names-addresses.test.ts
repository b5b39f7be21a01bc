import { describe, expect, test } from 'vitest';
import { uniqueNamesAddresses } from '../../../src/config/rules/unique-names-addresses.ts';
import { findings } from './findings.ts';

describe('UNIQUE_NAMES_ADDRESSES', () => {
  const hosts = (...list: string[]) =>
    `machines: { provider: hosts, hosts: [${list.map((host) => `{ role: agent, ${host} }`).join(', ')}] }`;
  const withStatic = (list: string) => `features: { loadBalancer: { staticIPs: { ${list} } } }`;

  test('lets machines pass that have names and addresses of their own', () => {
    expect(findings(uniqueNamesAddresses, 'machines: { size: prod }')).toEqual([]);
  });

  test('refuses two hosts of one name', () => {
    const yaml = hosts('name: one, address: 192.168.123.2', 'name: one, address: 192.168.123.3');
    expect(findings(uniqueNamesAddresses, yaml)).toEqual([
      'error machines.hosts[1].name: expected a name of its own for each machine, came "one" a second time',
    ]);
  });

  test('refuses two hosts of one address', () => {
    const yaml = hosts('name: one, address: 192.168.123.2', 'name: two, address: 192.168.123.2');
    expect(findings(uniqueNamesAddresses, yaml)).toEqual([
      'error machines.hosts[1].address: expected an address of its own for two, came 192.168.123.2, which is that of one',
    ]);
  });

  test('refuses agents that start among the servers, the first one for all', () => {
    expect(findings(uniqueNamesAddresses, 'machines: { size: prod, network: { firstAgent: 51 } }')).toEqual([
      'error machines.network.firstAgent: expected an address of its own for dev-a1, came 192.168.123.51, which is that of dev-s2',
    ]);
  });

  test('refuses a reserved address that a machine or another service has', () => {
    expect(findings(uniqueNamesAddresses, withStatic('gateway: 192.168.123.50'))).toEqual([
      'error features.loadBalancer.staticIPs.gateway: expected an address of its own for gateway, came 192.168.123.50, which is that of dev-s1',
    ]);
    expect(findings(uniqueNamesAddresses, withStatic('kubernetesApi: 192.168.123.9, gateway: 192.168.123.9'))).toEqual([
      'error features.loadBalancer.staticIPs.gateway: expected an address of its own for gateway, came 192.168.123.9, which is that of kubernetesApi',
    ]);
  });

  test('asks nothing of reserved addresses where the load balancer is off', () => {
    const yaml = withStatic('gateway: 192.168.123.50').replace('loadBalancer: {', 'loadBalancer: { enabled: false,');
    expect(findings(uniqueNamesAddresses, yaml)).toEqual([]);
  });
});
