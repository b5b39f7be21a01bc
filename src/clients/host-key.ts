import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../engine/errors.ts';
import { fingerprint, knownHostName, knownKeys, withHostKey, type HostKey } from './known-hosts.ts';
import { errorCode, fileError } from './local-files.ts';
import { hostName, type SshTarget } from './ssh-target.ts';

/**
 * Whether this key is the machine's; pins it where it may be trusted for the first time, throws a LabError where not.
 * The fingerprint of config.yaml has the last word, then the lab's pin, then what the operator's own SSH knows.
 */
export function verifyHostKey(target: SshTarget, offered: HostKey): void {
  const wanted = target.hostKey;
  const pinned = pinnedKeys(target);
  if (wanted !== undefined) {
    if (fingerprint(offered) !== wanted) throw notTheExpected(target, offered, wanted);
    if (!pinned.some((key) => same(key, offered))) pin(target, offered);
    return;
  }
  if (pinned.some((key) => same(key, offered))) return;
  const [known] = pinned;
  if (known) throw changed(target, offered, { known, file: target.knownHosts });
  if (!target.trustFirst) checkPersonal(target, offered);
  pin(target, offered);
}

/** Key types that are known of the machine: those must be asked for, or another key of it would look like a changed one. */
export function knownTypes(target: SshTarget): readonly string[] {
  const keys = [...pinnedKeys(target), ...(target.trustFirst ? [] : personalKeys(target).trusted)];
  return [...new Set(keys.map(({ type }) => type))];
}

/** Forgets the pin. */
export function forgetHostKey(target: SshTarget): void {
  if (pinnedKeys(target).length > 0) pin(target, undefined);
}

function checkPersonal(target: SshTarget, offered: HostKey): void {
  const { trusted, revoked } = personalKeys(target);
  if (revoked.some((key) => same(key, offered)))
    throw new LabError(
      `the host key of ${hostName(target)} (${fingerprint(offered)}) is marked as revoked in ${target.personalKnownHosts}`,
      `do not log in: find out why this key was revoked, then make a new one on ${target.name}`,
    );
  if (trusted.some((key) => same(key, offered))) return;
  const [known] = trusted;
  if (known) throw changed(target, offered, { known, file: target.personalKnownHosts });
  throw new LabError(
    `the host key of ${hostName(target)} is unknown: it shows ${fingerprint(offered)} (${offered.type})`,
    `compare it with \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` typed on ${target.name} itself; if it is the same, add to its entry in machines.hosts of config.yaml:  hostKey: ${fingerprint(offered)}`,
  );
}

function changed(target: SshTarget, offered: HostKey, { known, file }: { known: HostKey; file: string }): LabError {
  const host = knownHostName(target.address, target.port);
  return new LabError(
    `the host key of ${hostName(target)} changed: ${file} knows ${fingerprint(known)}, the machine shows ${fingerprint(offered)}`,
    `if ${target.name} was installed anew, forget the old key: ssh-keygen -f ${file} -R '${host}'; if not, something else answers at its address`,
  );
}

function notTheExpected(target: SshTarget, offered: HostKey, wanted: string): LabError {
  return new LabError(
    `the host key of ${hostName(target)} is not the one of config.yaml: expected ${wanted}, the machine shows ${fingerprint(offered)} (${offered.type})`,
    `type \`ssh-keygen -lf /etc/ssh/ssh_host_${offered.type === 'ssh-ed25519' ? 'ed25519' : 'ecdsa'}_key.pub\` on ${target.name} itself; if it shows the same, write hostKey: ${fingerprint(offered)} in config.yaml`,
  );
}

function same(one: HostKey, other: HostKey): boolean {
  return one.key === other.key;
}

function pinnedKeys(target: SshTarget): readonly HostKey[] {
  return knownKeys(textOf(target.knownHosts), knownHostName(target.address, target.port)).trusted;
}

function personalKeys(target: SshTarget) {
  return knownKeys(textOf(target.personalKnownHosts), knownHostName(target.address, target.port));
}

/** Without a wait between reading and renaming: machines that connect at the same time cannot lose each other's pin. */
function pin(target: SshTarget, hostKey: HostKey | undefined): void {
  const { knownHosts: path } = target;
  const beside = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(beside, withHostKey(textOf(path), knownHostName(target.address, target.port), hostKey), {
      mode: 0o600,
    });
    renameSync(beside, path);
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw fileError(error, 'read', path);
  }
}
