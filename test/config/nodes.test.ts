import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { dataDiskSum, memorySum } from '../../src/config/nodes.ts';

const nodesOf = (yaml: string) => parseConfig(yaml, 'f').nodes;

describe('the nodes of a configuration', () => {
  test('are named after the lab and counted from the first addresses, servers first', () => {
    expect(
      nodesOf('lab: { name: x }\nmachines: { size: prod }').map(({ name, role, address }) => [name, role, address]),
    ).toEqual([
      ['x-s1', 'server', '192.168.123.50'],
      ['x-s2', 'server', '192.168.123.51'],
      ['x-s3', 'server', '192.168.123.52'],
      ['x-a1', 'agent', '192.168.123.60'],
      ['x-a2', 'agent', '192.168.123.61'],
      ['x-a3', 'agent', '192.168.123.62'],
    ]);
  });

  test.each([
    ['dev', [['server', 4, 8192, 50]]],
    ['staging', Array.from({ length: 3 }, () => ['server', 4, 8192, 0])],
    [
      'prod',
      [
        ...Array.from({ length: 3 }, () => ['server', 4, 8192, 0]),
        ...Array.from({ length: 3 }, () => ['agent', 4, 8192, 100]),
      ],
    ],
  ])('of size %s are as built in', (size, expected) => {
    expect(
      nodesOf(`machines: { size: ${size} }`).map(({ role, cpus, memory, dataDisk }) => [role, cpus, memory, dataDisk]),
    ).toEqual(expected);
  });

  test('are reached as vagrant, with the key of the lab', () => {
    expect(nodesOf('')).toEqual([
      {
        name: 'dev-s1',
        role: 'server',
        address: '192.168.123.50',
        port: 22,
        user: 'vagrant',
        cpus: 4,
        memory: 8192,
        dataDisk: 50,
      },
    ]);
  });

  test('follow a size of the operator, which replaces a built-in one of its name', () => {
    const own = (name: string) =>
      `machines: { size: ${name}, sizes: { ${name}: { servers: { count: 3, memory: 4096 } } } }`;
    for (const name of ['dev', 'small'])
      expect(nodesOf(own(name)).map(({ memory }) => memory)).toEqual([4096, 4096, 4096]);
  });

  test('count from the first address of the subnet, however long it is', () => {
    const yaml = 'machines: { network: { subnet: 10.8.0.0/16 } }\nfeatures: { loadBalancer: { enabled: false } }';
    expect(nodesOf(yaml)[0]?.address).toBe('10.8.0.50');
  });

  test('are the hosts where these exist already, servers first, with no sizes', () => {
    const hosts = `
machines:
  provider: hosts
  hosts:
    - { name: a, role: agent, address: 192.168.123.7, user: admin, port: 2222, key: /keys/a }
    - { name: s, role: server, address: 192.168.123.8 }
`;
    expect(nodesOf(hosts)).toEqual([
      { name: 's', role: 'server', address: '192.168.123.8', port: 22, user: 'root', cpus: 0, memory: 0, dataDisk: 0 },
      {
        name: 'a',
        role: 'agent',
        address: '192.168.123.7',
        port: 2222,
        user: 'admin',
        key: '/keys/a',
        cpus: 0,
        memory: 0,
        dataDisk: 0,
      },
    ]);
  });

  test('add up to the memory and disk that the host must have', () => {
    const nodes = nodesOf('machines: { size: prod }');
    expect([memorySum(nodes), dataDiskSum(nodes)]).toEqual([6 * 8192, 300]);
  });
});
