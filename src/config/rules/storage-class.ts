import type { Rule } from './rule.ts';

/** What the classes of a provider are called. */
const classes = {
  rook: { pattern: /^(rook-)?ceph-/, example: 'ceph-block' },
  longhorn: { pattern: /^longhorn/, example: 'longhorn' },
} as const;

export const storageClass: Rule = {
  id: 'STORAGE_CLASS',
  title: 'The storage class is one of the storage provider.',
  link: 'https://kubernetes.io/docs/concepts/storage/storage-classes/',
  *check({ features: { storage } }) {
    if (!storage.enabled || storage.provider === 'external') return;
    const { pattern, example } = classes[storage.provider];
    if (pattern.test(storage.class)) return;
    yield {
      path: ['features', 'storage', 'class'],
      involves: [
        ['features', 'storage', 'provider'],
        ['features', 'storage', 'enabled'],
      ],
      message: `expected a class of ${storage.provider} such as ${example}, came ${JSON.stringify(storage.class)}`,
      fix: `set features.storage.class to ${example}, or features.storage.provider to the one that has this class`,
    };
  },
};
