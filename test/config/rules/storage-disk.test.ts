import { describe, expect, test } from 'vitest';
import { storageDisk } from '../../../src/config/rules/storage-disk.ts';
import { findings } from './findings.ts';

describe('STORAGE_DISK', () => {
  const storage = (provider: string) => `features: { storage: { provider: ${provider} } }`;

  test.each(['dev', 'prod'])('lets size %s pass, which has data disks', (size) => {
    expect(findings(storageDisk, `machines: { size: ${size} }\n${storage('rook')}`)).toEqual([]);
  });

  test('refuses rook without a data disk', () => {
    expect(findings(storageDisk, `machines: { size: staging }\n${storage('rook')}`)).toEqual([
      'error machines.size: expected a size with a data disk for rook, came staging without',
    ]);
  });

  test('notices that longhorn would fill the system disk', () => {
    expect(findings(storageDisk, `machines: { size: staging }\n${storage('longhorn')}`)).toEqual([
      'notice machines.size: expected a size with a data disk for longhorn, came staging without: volumes go to the system disk',
    ]);
  });

  test('says nothing of an external class, and of hosts whose disks nobody knows', () => {
    const hosts = 'machines: { provider: hosts, hosts: [{ name: one, role: server, address: 192.168.123.9 }] }';
    expect(findings(storageDisk, `machines: { size: staging }\n${storage('external')}`)).toEqual([]);
    expect(findings(storageDisk, `${hosts}\n${storage('rook')}`)).toEqual([]);
  });
});
