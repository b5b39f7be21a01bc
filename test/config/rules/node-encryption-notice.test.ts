import { describe, expect, test } from 'vitest';
import { nodeEncryptionNotice } from '../../../src/config/rules/node-encryption-notice.ts';
import { findings } from './findings.ts';

describe('NODE_ENCRYPTION_NOTICE', () => {
  test('says nothing by default', () => {
    expect(findings(nodeEncryptionNotice, '')).toEqual([]);
  });

  test('notices encryption between nodes', () => {
    expect(findings(nodeEncryptionNotice, 'features: { cilium: { encryption: { nodeEncryption: true } } }')).toEqual([
      'notice features.cilium.encryption.nodeEncryption: expected false: Cilium will drop it, and it skips servers; came true',
    ]);
  });

  test('says nothing where there is no encryption at all', () => {
    expect(
      findings(nodeEncryptionNotice, 'features: { cilium: { encryption: { enabled: false, nodeEncryption: true } } }'),
    ).toEqual([]);
  });
});
