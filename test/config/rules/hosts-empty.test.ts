import { describe, expect, test } from 'vitest';
import { hostsEmpty } from '../../../src/config/rules/hosts-empty.ts';
import { findings } from './findings.ts';

describe('HOSTS_EMPTY', () => {
  const one = '{ name: one, role: server, address: 192.168.123.9 }';

  test('lets hosts pass with provider hosts, and none with libvirt', () => {
    expect(findings(hostsEmpty, `machines: { provider: hosts, hosts: [${one}] }`)).toEqual([]);
    expect(findings(hostsEmpty, '')).toEqual([]);
  });

  test('refuses provider hosts without any', () => {
    expect(findings(hostsEmpty, 'machines: { provider: hosts }')).toEqual([
      'error machines.hosts: expected the machines that exist already, came an empty list',
    ]);
  });

  test('refuses hosts that provider libvirt would pass over in silence', () => {
    expect(findings(hostsEmpty, `machines: { provider: libvirt, hosts: [${one}] }`)).toEqual([
      'error machines.hosts: expected no hosts with provider libvirt, which makes the machines, came 1',
    ]);
  });
});
