import { readFile } from 'node:fs/promises';
import type { Client, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import { LabError } from '../engine/errors.ts';
import { knownTypes, verifyHostKey } from './host-key.ts';
import { hostKeyOf } from './known-hosts.ts';
import { errorCode, fileError } from './local-files.ts';
import { BrokenConnection, connectError } from './ssh-errors.ts';
import type { SshTarget } from './ssh-target.ts';

const CONNECT_SECONDS = 20;
const KEEP_ALIVE_SECONDS = 15;
const KEEP_ALIVES_MISSED = 3;
const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** One log-in to a machine, made when first asked for and again after it broke. */
export interface Connection {
  /** The live connection; throws a LabError where there is none to be had. */
  open(): Promise<Client>;
  /** Ends it; a later `open` makes a new one. */
  close(): void;
}

export function sshConnection(target: SshTarget, connectSeconds = CONNECT_SECONDS): Connection {
  let current: Promise<Client> | undefined;
  const forgetIf = (attempt: Promise<Client>) => {
    if (current === attempt) current = undefined;
  };
  return {
    open() {
      if (current) return current;
      const attempt: Promise<Client> = connect(target, connectSeconds, () => forgetIf(attempt));
      attempt.catch(() => forgetIf(attempt));
      current = attempt;
      return attempt;
    },
    close() {
      const ending = current;
      current = undefined;
      ending?.then(
        (client) => client.end(),
        () => {},
      );
    },
  };
}

async function connect(target: SshTarget, connectSeconds: number, onClosed: () => void): Promise<Client> {
  const privateKey = await readKey(target);
  const { Client } = await import('ssh2');
  const client = new Client();
  const ready = Promise.withResolvers<Client>();
  let refusal: Error | undefined;
  client.on('ready', () => ready.resolve(client));
  client.on('error', (error) => ready.reject(refusal ?? connectError(target, error)));
  // From its end until it is closed, nothing can be sent any more.
  client.on('end', onClosed);
  client.on('close', () => {
    onClosed();
    ready.reject(connectError(target, new BrokenConnection('closed before the log-in was done')));
  });
  try {
    client.connect({
      host: target.address,
      port: target.port,
      username: target.user,
      privateKey,
      readyTimeout: connectSeconds * 1000,
      keepaliveInterval: KEEP_ALIVE_SECONDS * 1000,
      keepaliveCountMax: KEEP_ALIVES_MISSED,
      algorithms: { serverHostKey: preferredFirst(target) },
      hostVerifier: (blob: Buffer) => {
        try {
          verifyHostKey(target, hostKeyOf(blob));
          return true;
        } catch (error) {
          refusal = error instanceof Error ? error : new Error(String(error));
          return false;
        }
      },
    } satisfies ConnectConfig);
    // Small messages go back and forth: waiting for fuller packets costs 40 ms a command.
    client.setNoDelay(true);
  } catch (error) {
    throw keyError(target, error);
  }
  return await ready.promise;
}

/** All that we take, what is known of this machine first. */
function preferredFirst(target: SshTarget): ServerHostKeyAlgorithm[] {
  const known = knownTypes(target);
  // An RSA key goes by three names.
  const isKnown = (algorithm: string) => known.includes(algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm);
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((algorithm) => !isKnown(algorithm))];
}

async function readKey(target: SshTarget): Promise<Buffer> {
  try {
    return await readFile(target.key);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileError(error, 'read', target.key);
    throw new LabError(
      `could not log in to ${target.name}: the private key ${target.key} does not exist`,
      `give the path of the right key in config.yaml, or make one: ssh-keygen -t ed25519 -N '' -f ${target.key}`,
      { cause: error },
    );
  }
}

/** ssh2 reads the key, and throws at once when it cannot. */
function keyError(target: SshTarget, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError(
    `could not log in to ${target.name}: the private key ${target.key} is not usable: ${reason}`,
    `ssh-keygen -y -P '' -f ${target.key}   # must print the public key; a key with a passphrase needs a copy without: ssh-keygen -p`,
    { cause: error },
  );
}
