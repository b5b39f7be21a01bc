import { createReadStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Node } from '../config/schema.ts';
import type { Artefact, Machine, RunOptions } from '../lab.ts';
import { commandFailed, shownCommand } from './command-failed.ts';
import { forgetHostKey } from './host-key.ts';
import { errorCode, fileError } from './local-files.ts';
import { shellQuote } from './shell-quote.ts';
import { sshConnection } from './ssh-connection.ts';
import { sshReads } from './ssh-reads.ts';
import { rootShell, type RootScript, type RootShell } from './ssh-shell.ts';
import { loginCommand, type SshTarget } from './ssh-target.ts';
import { deliver, once, sha256 } from './ssh-writes.ts';

const DEFAULT_MODE = 0o644;
const DEFAULT_OWNER = 'root:root';

export interface SshMachineOptions {
  readonly node: Node;
  /** The lab's own folder, with `id_ed25519` and `known_hosts`. */
  readonly directory: string;
  /** True for machines that the lab makes itself: the host key shown first is pinned. */
  readonly trustFirst: boolean;
  /** `~/.ssh/known_hosts` unless said. */
  readonly personalKnownHosts?: string;
  /** Seconds for a log-in. */
  readonly connectSeconds?: number;
}

/** A machine with a connection to close: without that, the program does not end. */
export interface SshMachine extends Machine {
  close(): void;
}

interface Access {
  readonly target: SshTarget;
  readonly shell: RootShell;
}

/** A machine over SSH, as root: one connection, made at the first read; its host key pinned in the lab's known_hosts. */
export function sshMachine(options: SshMachineOptions): SshMachine {
  const target = targetOf(options);
  const connection = sshConnection(target, options.connectSeconds);
  const access: Access = { target, shell: rootShell(target, connection) };
  return {
    name: target.name,
    ...sshReads(target, access.shell),
    run: async (argv, runOptions = {}) => await run(access, argv, runOptions),
    writeFile: async (path, { content, mode = DEFAULT_MODE, owner = DEFAULT_OWNER }, signal) => {
      const size = Buffer.byteLength(content);
      await deliver(target, access.shell, { path, content, sha256: sha256(content), size, mode, owner, signal });
    },
    removeFile: async (path, signal) => {
      await run(access, ['rm', '-f', '--', path], { signal });
    },
    upload: async (artefact, path, signal) => await upload(access, artefact, { path, signal }),
    async forget() {
      connection.close();
      forgetHostKey(target);
    },
    close: () => connection.close(),
  };
}

async function run({ target, shell }: Access, argv: readonly string[], { stdin, signal }: RunOptions): Promise<string> {
  const script = `LC_ALL=C; export LC_ALL; exec ${shellQuote(argv)}`;
  const request: RootScript = { script: () => script, as: 'argument', stdin, signal };
  const ended = await once(target, shownCommand(argv), () => shell(request));
  const stdout = ended.stdout.toString('utf8');
  if (ended.code === 0) return stdout;
  throw commandFailed({
    on: target.name,
    argv,
    ended: ended.code ?? `ended by ${ended.killedBy}`,
    stdout,
    stderr: ended.stderr.toString('utf8'),
    fix: `run it by hand: ${loginCommand(target)}, then ${target.user === 'root' ? '' : 'sudo '}${shownCommand(argv)}`,
  });
}

interface Destination {
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

async function upload({ target, shell }: Access, artefact: Artefact, destination: Destination): Promise<void> {
  const content = () => createReadStream(artefact.path);
  const { sha256: digest, size } = artefact;
  const delivery = { content, sha256: digest, size, mode: DEFAULT_MODE, owner: DEFAULT_OWNER, ...destination };
  try {
    await deliver(target, shell, delivery);
  } catch (error) {
    throw errorCode(error) === undefined ? error : fileError(error, 'read', artefact.path);
  }
}

function targetOf({ node, directory, trustFirst, personalKnownHosts }: SshMachineOptions): SshTarget {
  const { name, address, port, user, key, hostKey } = node;
  return {
    ...{ name, address, port, user, trustFirst },
    key: key === undefined ? join(directory, 'id_ed25519') : key.replace(/^~(?=\/)/, homedir()),
    knownHosts: join(directory, 'known_hosts'),
    personalKnownHosts: personalKnownHosts ?? join(homedir(), '.ssh', 'known_hosts'),
    ...(hostKey !== undefined && { hostKey }),
  };
}
