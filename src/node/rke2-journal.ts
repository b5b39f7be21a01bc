import type { Machine } from '../lab.ts';

interface Cause {
  /** Stays the same for ever: people search for it. */
  readonly id: string;
  readonly pattern: RegExp;
  readonly fix: string;
}

/** What RKE2's journal says when it does not start, and what helps. */
const CAUSES: readonly Cause[] = [
  {
    id: 'RKE2_TOKEN_CA',
    pattern: /token CA hash does not match|not authorized|invalid token|401 Unauthorized/i,
    fix: 'the token of this machine is not the cluster’s: see https://github.com/rancher/rke2/issues/3214',
  },
  {
    id: 'RKE2_JOIN_RACE',
    pattern: /too many learner|learner.*not.*ready|can only promote a learner/i,
    fix: 'another server is still joining; it goes on by itself when that one is done',
  },
  {
    id: 'NODE_NAME_TAKEN',
    pattern: /duplicate hostname|node password rejected|duplicate node name/i,
    fix: 'a node of this name has been in the cluster: kubectl delete node NAME, then run this command again',
  },
  {
    id: 'HOST_DISK_FULL',
    pattern: /no space left on device/i,
    fix: 'the disk of the machine is full: df -h shows where',
  },
];

/** Where to look when RKE2 does not get ready, with the last trouble that it told itself. */
export async function journalHint(machine: Machine, unit: string): Promise<string> {
  const command = `ssh to ${machine.name}: journalctl -u ${unit} -n 50`;
  const { stdout } = await machine.look(['journalctl', '-u', unit, '-n', '20', '--no-pager', '-o', 'cat']);
  const trouble = stdout.split('\n').findLast((line) => /level=(error|fatal)|error|fail/i.test(line));
  const cause = CAUSES.find(({ pattern }) => pattern.test(stdout));
  return [cause ? `${cause.id}: ${cause.fix}` : undefined, command, trouble && `it said last: ${trouble.trim()}`]
    .filter(Boolean)
    .join('; ');
}
