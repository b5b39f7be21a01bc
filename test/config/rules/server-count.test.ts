import { describe, expect, test } from 'vitest';
import { serverCount } from '../../../src/config/rules/server-count.ts';
import { findings, fixes } from './findings.ts';

describe('SERVER_COUNT', () => {
  const own = (count: number) => `machines: { size: own, sizes: { own: { servers: { count: ${count} } } } }`;

  test.each([1, 3, 5])('lets %i servers pass', (count) => {
    expect(findings(serverCount, own(count))).toEqual([]);
  });

  test.each([0, 2, 4])('refuses %i servers', (count) => {
    expect(findings(serverCount, own(count))).toEqual([
      `error machines.sizes.own.servers.count: expected an odd number of servers, came ${count}`,
    ]);
  });

  test('counts hosts that are servers', () => {
    const hosts = (role: string) =>
      `[{ name: one, role: server, address: 192.168.123.2 }, { name: two, role: ${role}, address: 192.168.123.3 }]`;
    expect(findings(serverCount, `machines: { provider: hosts, hosts: ${hosts('agent')} }`)).toEqual([]);
    expect(findings(serverCount, `machines: { provider: hosts, hosts: ${hosts('server')} }`)).toEqual([
      'error machines.hosts: expected an odd number of servers, came 2',
    ]);
  });

  test('offers the numbers beside it', () => {
    expect([own(0), own(2)].flatMap((yaml) => fixes(serverCount, yaml))).toEqual([
      'set count to 1',
      'set count to 3 or 1',
    ]);
    const hosts = (...roles: string[]) =>
      `machines: { provider: hosts, hosts: [${roles.map((role) => `{ name: one, role: ${role}, address: 192.168.123.2 }`).join(', ')}] }`;
    expect([hosts('agent'), hosts('server', 'server')].flatMap((yaml) => fixes(serverCount, yaml))).toEqual([
      'give one host the role server',
      'give one host more or less the role server',
    ]);
  });

  test('leaves an empty list of hosts to HOSTS_EMPTY', () => {
    expect(findings(serverCount, 'machines: { provider: hosts }')).toEqual([]);
  });
});
