import { describe, expect, test } from 'vitest';
import { memoryLow } from '../../../src/config/rules/memory-low.ts';
import { findings } from './findings.ts';

describe('MEMORY_LOW', () => {
  const own = (servers: string) => `machines: { size: tiny, sizes: { tiny: { servers: { count: 1, ${servers} } } } }`;

  test('lets 4096 MB and 2 processors pass', () => {
    expect(findings(memoryLow, own('memory: 4096, cpus: 2'))).toEqual([]);
  });

  test('notices servers that are too small', () => {
    expect(findings(memoryLow, own('memory: 4095, cpus: 1'))).toEqual([
      'notice machines.sizes.tiny.servers.memory: expected at least 4096 MB for a server, came 4095; the API may not come up',
      'notice machines.sizes.tiny.servers.cpus: expected at least 2 processors for a server, came 1; the API may not come up',
    ]);
  });

  test('says nothing where there is no server', () => {
    expect(findings(memoryLow, 'machines: { size: none, sizes: { none: { servers: { count: 0 } } } }')).toEqual([]);
  });

  test('says nothing of machines that exist already', () => {
    const yaml = 'machines: { provider: hosts, hosts: [{ name: one, role: server, address: 192.168.123.9 }] }';
    expect(findings(memoryLow, yaml)).toEqual([]);
  });
});
