import { describe, expect, test } from 'vitest';
import { hostSubnetClash } from '../../../src/config/rules/host-subnet-clash.ts';
import { configOf, findings } from './findings.ts';

describe('HOST_SUBNET_CLASH', () => {
  test('lets four subnets apart pass', () => {
    expect(findings(hostSubnetClash, '')).toEqual([]);
  });

  test('refuses a lab network that is the management network', () => {
    expect(findings(hostSubnetClash, 'machines: { network: { subnet: 192.168.121.0/24 } }')).toEqual([
      'error machines.network.subnet: expected a subnet apart from 192.168.121.0/24 of the management network, came 192.168.121.0/24 for the lab network',
    ]);
  });

  test('refuses a network that holds another one', () => {
    const clashes = findings(hostSubnetClash, 'rke2: { clusterCidr: 10.0.0.0/8 }');
    expect(clashes).toEqual([
      'error rke2.serviceCidr: expected a subnet apart from 10.0.0.0/8 of the pods, came 10.43.0.0/16 for the services',
    ]);
  });

  test('names every pair that meets', () => {
    expect(
      findings(hostSubnetClash, 'machines: { provider: libvirt }\nrke2: { clusterCidr: 192.168.0.0/16 }'),
    ).toHaveLength(2);
  });

  test('does not ask for a management network where libvirt makes no machines', () => {
    const host = '{ name: one, role: server, address: 192.168.121.9 }';
    const yaml = `machines: { provider: hosts, hosts: [${host}], network: { subnet: 192.168.121.0/24 } }`;
    expect(findings(hostSubnetClash, yaml)).toEqual([]);
  });

  test('refuses a host among the pods', () => {
    const yaml = 'machines: { provider: hosts, hosts: [{ name: one, role: server, address: 10.42.3.4 }] }';
    expect(findings(hostSubnetClash, yaml)).toEqual([
      'error machines.hosts[0].address: expected an address outside 10.42.0.0/16 of the pods, came 10.42.3.4',
    ]);
  });

  test('offers a subnet that is free', () => {
    const yaml =
      'machines: { network: { subnet: 192.168.200.0/24 }, libvirt: { managementNetwork: { subnet: 192.168.200.0/24 } } }';
    const [finding] = hostSubnetClash.check(configOf(yaml));
    expect(finding?.fix).toContain('such as 192.168.201.0/24');
  });
});
