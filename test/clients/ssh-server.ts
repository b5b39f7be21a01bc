import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import type { Node } from '../../src/config/schema.ts';

/** Tests may run as root; what the server runs never does, so that permissions mean something. */
const NOBODY = 65_534;

/** A real SSH server on loopback that runs what it is told with the real /bin/sh, in a folder of its own. */
export interface SshServer {
  readonly port: number;
  /** Home and working folder of what it runs. */
  readonly folder: string;
  /** Command lines that it was asked to run. */
  readonly commands: string[];
  /** Command lines whose channel was closed while they hung. */
  readonly cut: string[];
  /** Says what to do with a command line: 'drop' cuts the connection instead, 'hang' never starts it. */
  onCommand: (command: string) => 'run' | 'drop' | 'hang';
  /** What the log-in shell runs before any command line, as bash runs ~/.bashrc. */
  bashrc: string;
  /** sshd's MaxSessions: how many sessions a connection may have at once. */
  maxSessions: number;
  /** Sessions that were refused for that. */
  refused: number;
  /** How many came so far. */
  connections: number;
  running: number;
  /** The most that ran at the same time. */
  mostAtOnce: number;
  /** Puts a program first in its PATH. */
  program(name: string, script: string): void;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly hostKey: string;
  /** Public key that is let in, in OpenSSH form. */
  readonly userKey: string;
  readonly port?: number;
}

export function makeKey(): { private: string; public: string } {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  // One in some hundred of its keys ssh2 cannot read itself.
  return ssh2.utils.parseKey(pair.private) instanceof Error
    ? makeKey()
    : { private: pair.private, public: pair.public };
}

export async function startSshServer({ hostKey, userKey, port = 0 }: ServerOptions): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rke2-lab-ssh-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const state: SshServer = {
    port: 0,
    folder,
    commands: [],
    cut: [],
    connections: 0,
    running: 0,
    mostAtOnce: 0,
    onCommand: () => 'run',
    bashrc: '',
    maxSessions: 10,
    refused: 0,
    program(name, script) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    close: async () => {
      for (const connection of open) connection.end();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  state.program('sudo', '[ "$1" = -n ] && shift; exec "$@"');
  state.program('chown', 'echo "$2" >> "$HOME/chown.log"');
  if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
  const open = new Set<Connection>();
  const allowed = ssh2.utils.parseKey(userKey);
  if (allowed instanceof Error) throw allowed;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    open.add(connection);
    // Missing in its types; without it each small message waits 40 ms for the next.
    (connection as Connection & Pick<Socket, 'setNoDelay'>).setNoDelay(true);
    state.connections += 1;
    connection.on('error', () => {});
    connection.on('close', () => open.delete(connection));
    connection.on('authentication', (context) => {
      if (context.method !== 'publickey' || !context.key.data.equals(allowed.getPublicSSH()))
        return context.reject(['publickey']);
      if (context.signature && !allowed.verify(context.blob ?? '', context.signature, context.hashAlgo))
        return context.reject();
      context.accept();
    });
    let sessions = 0;
    connection.on('session', (accept, reject) => {
      if (sessions >= state.maxSessions) {
        state.refused += 1;
        return reject();
      }
      sessions += 1;
      const session = accept();
      session.on('close', () => {
        sessions -= 1;
      });
      serve(state, connection, session);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, { port: (server.address() as AddressInfo).port });
}

function serve(state: SshServer, connection: Connection, session: ssh2.Session): void {
  session.on('exec', (accept, _reject, { command }) => {
    state.commands.push(command);
    const answer = state.onCommand(command);
    if (answer === 'drop') connection.end();
    if (answer === 'hang') {
      accept()
        .on('close', () => state.cut.push(command))
        .resume();
    }
    if (answer === 'run') start(state, command, accept());
  });
}

function start(state: SshServer, command: string, channel: ssh2.ServerChannel): void {
  const child = spawn('/bin/sh', ['-c', `${state.bashrc}\n${command}`], {
    cwd: state.folder,
    env: { PATH: `${join(state.folder, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: state.folder },
    ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
  });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => {});
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on('close', () => child.kill());
  state.running += 1;
  state.mostAtOnce = Math.max(state.mostAtOnce, state.running);
  child.on('close', (code, signal) => {
    state.running -= 1;
    if (code === null) channel.exit(signal?.slice(3) ?? 'TERM');
    else channel.exit(code);
    channel.end();
  });
}

/** A node of config.yaml that is this server. */
export function nodeAt(server: { readonly port: number }, more: Partial<Node> = {}): Node {
  return {
    name: 'dev-s1',
    role: 'server',
    address: '127.0.0.1',
    port: server.port,
    user: 'lab',
    cpus: 2,
    memory: 4096,
    dataDisk: 0,
    ...more,
  };
}
