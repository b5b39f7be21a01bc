import { describe, expect, test } from 'vitest';
import { nodeAddress } from '../../../src/config/rules/node-address.ts';
import { findings } from './findings.ts';

describe('NODE_ADDRESS', () => {
  const host = (address: string) =>
    `machines: { provider: hosts, hosts: [{ name: one, role: server, address: ${address} }] }`;

  test('lets machines in the lab network pass', () => {
    expect(findings(nodeAddress, 'machines: { size: prod }')).toEqual([]);
  });

  test('refuses machines beyond the end of the lab network, the first one for all', () => {
    expect(
      findings(nodeAddress, 'machines: { size: prod, network: { firstAgent: 61, subnet: 192.168.123.0/26 } }'),
    ).toEqual([
      'error machines.network.firstAgent: expected an address from 192.168.123.2 to 192.168.123.62 for dev-a3, came 192.168.123.63',
    ]);
    expect(findings(nodeAddress, 'machines: { size: prod, network: { subnet: 192.168.123.0/29 } }')).toHaveLength(2);
  });

  test('refuses a subnet at the end of all addresses without going round', () => {
    const yaml = 'machines: { network: { subnet: 255.255.255.248/29, firstServer: 10 } }';
    expect(findings(nodeAddress, yaml)[0]).toContain('came 0.0.0.2');
  });

  test.each(['192.168.123.0', '192.168.123.255', '10.0.0.9'])('refuses the host %s', (address) => {
    expect(findings(nodeAddress, host(address))).toEqual([
      `error machines.hosts[0].address: expected an address from 192.168.123.1 to 192.168.123.254 for one, came ${address}`,
    ]);
  });

  test('lets hosts be anywhere where no addresses are announced', () => {
    expect(findings(nodeAddress, `${host('10.0.0.9')}\nfeatures: { loadBalancer: { enabled: false } }`)).toEqual([]);
  });
});
