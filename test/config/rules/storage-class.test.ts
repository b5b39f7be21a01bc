import { describe, expect, test } from 'vitest';
import { storageClass } from '../../../src/config/rules/storage-class.ts';
import { findings } from './findings.ts';

describe('STORAGE_CLASS', () => {
  const storage = (provider: string, name: string) =>
    `features: { storage: { provider: ${provider}, class: ${name} } }`;

  test.each([
    ['longhorn', 'longhorn'],
    ['longhorn', 'longhorn-static'],
    ['rook', 'ceph-block'],
    ['rook', 'ceph-filesystem'],
    ['rook', 'rook-ceph-block'],
    ['external', 'nfs-client'],
  ])('lets %s have the class %s', (provider, name) => {
    expect(findings(storageClass, storage(provider, name))).toEqual([]);
  });

  test.each([
    ['longhorn', 'ceph-block', 'longhorn'],
    ['rook', 'longhorn', 'ceph-block'],
  ])('refuses %s with the class %s', (provider, name, example) => {
    expect(findings(storageClass, storage(provider, name))).toEqual([
      `error features.storage.class: expected a class of ${provider} such as ${example}, came "${name}"`,
    ]);
  });

  test('says nothing where storage is off', () => {
    expect(findings(storageClass, 'features: { storage: { enabled: false, class: ceph-block } }')).toEqual([]);
  });
});
