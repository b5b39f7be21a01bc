import { expect, test } from 'vitest';
import { connectError } from '../../src/clients/ssh-errors.ts';
import type { SshTarget } from '../../src/clients/ssh-target.ts';

const target: SshTarget = {
  name: 'dev-s1',
  address: '192.0.2.5',
  port: 2222,
  user: 'ubuntu',
  key: '/lab/id_ed25519',
  knownHosts: '/lab/known_hosts',
  personalKnownHosts: '/home/known_hosts',
  trustFirst: true,
};

test.for([
  ['ECONNREFUSED', 'connection refused', true],
  ['ETIMEDOUT', 'no answer in time', true],
  ['EHOSTUNREACH', 'host unreachable', true],
  ['ENETUNREACH', 'host unreachable', true],
  ['ECONNRESET', 'read ECONNRESET', true],
  ['EOTHER', 'read EOTHER', false],
] as const)('%s names machine, user, address and port, and a fix', ([code, words, transient]) => {
  const cause = Object.assign(new Error(`read ${code}`), { code });
  const error = connectError(target, cause);
  expect(error.message).toContain(`could not log in to dev-s1 (ubuntu@192.0.2.5:2222) over SSH: ${words}`);
  expect(error.fix).toMatch(/192\.0\.2\.5/);
  expect(error).toMatchObject({ transient, cause });
});
