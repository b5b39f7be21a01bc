import type { Rule } from './rule.ts';

export const nodeEncryptionNotice: Rule = {
  id: 'NODE_ENCRYPTION_NOTICE',
  title: 'Encryption between nodes is deprecated in Cilium, and skips the nodes with a control plane.',
  link: 'https://docs.cilium.io/en/stable/security/network/encryption-wireguard/',
  *check({ features: { cilium } }) {
    if (!cilium.encryption.enabled || !cilium.encryption.nodeEncryption) return;
    yield {
      path: ['features', 'cilium', 'encryption', 'nodeEncryption'],
      involves: [['features', 'cilium', 'encryption', 'enabled']],
      level: 'notice',
      message: 'expected false: Cilium will drop it, and it skips servers; came true',
      fix: 'set features.cilium.encryption.nodeEncryption to false; pods stay encrypted',
    };
  },
};
