import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { labConfig, labName, version } from './lab-config.ts';
import { openMirror, type Mirror } from './mirror.ts';
import type { KubeObject } from '../../src/lab.ts';
import { project } from './project.ts';
import { makeRelease } from './release.ts';

/** A run of the product's own command line. */
export interface LabRun {
  readonly exit: number;
  /** Steps that were run. */
  readonly steps: readonly { readonly phase: string; readonly machine?: string; readonly title: string }[];
  readonly changes: number;
  readonly errors: readonly { readonly kind: string; readonly message: string; readonly fix?: string }[];
  readonly seconds: number;
}

/** What the scenarios work with, inside the namespaces. */
export interface World {
  readonly mirror: Mirror;
  /** The lab's own folder. */
  readonly directory: string;
  readonly cache: string;
  /** Scratch space. */
  readonly state: string;
  readonly kubeconfig: string;
  lab(...words: readonly string[]): Promise<LabRun>;
  virsh(...words: readonly string[]): Promise<string>;
  /** Logs in as OpenSSH would, with that key; the exit code and what was printed. */
  ssh(
    options: { readonly address: string; readonly key: string },
    command: string,
  ): Promise<{ readonly exit: number; readonly stdout: string }>;
  /** The nodes as the API shows them to the holder of the lab's kubeconfig. */
  nodes(): Promise<readonly KubeObject[]>;
}

export async function makeWorld(state: string): Promise<World> {
  const releases = join(state, 'releases');
  await makeRelease(join(releases, version), join(state, 'build'), version);
  const mirror = await openMirror(releases);
  const home = join(state, 'home');
  const file = join(home, 'config.yaml');
  await mkdir(home);
  await writeFile(file, labConfig(mirror.url));
  const directory = join(home, '.lab', labName);
  const kubeconfig = join(home, 'kubeconfig');
  const cache = join(home, 'cache');
  const env = { HOME: home, KUBECONFIG: kubeconfig, XDG_CACHE_HOME: cache };
  await virsh('pool-define-as', 'default', 'dir', '--target', '/var/lib/libvirt/images');
  await virsh('pool-start', 'default');
  return {
    ...{ mirror, directory, cache, state, kubeconfig, virsh },
    async lab(...words) {
      const started = performance.now();
      const child = execa(
        process.execPath,
        [join(project, 'scripts/lab.ts'), ...words, '--config', file, '--yes', '--json'],
        { env, reject: false },
      );
      const events = [];
      for await (const line of child) {
        const event = JSON.parse(line);
        events.push(event);
        if (process.env['VERBOSE']) process.stdout.write(`    ${line.slice(0, 300)}\n`);
      }
      const { stderr } = await child;
      if (stderr) process.stdout.write(`${stderr}\n`);
      const end = events.find(({ type }) => type === 'end');
      if (!end) throw new Error(`lab ${words.join(' ')} ended without its last line`);
      const steps = events.filter(({ type }) => type === 'step-done');
      return {
        exit: end.exit,
        steps,
        changes: end.changes ?? 0,
        errors: end.errors ?? [],
        seconds: (performance.now() - started) / 1000,
      };
    },
    async ssh({ address, key }, command) {
      const options = ['BatchMode=yes', 'IdentitiesOnly=yes', `UserKnownHostsFile=${directory}/known_hosts`].flatMap(
        (option) => ['-o', option],
      );
      const { exitCode, stdout } = await execa('ssh', [...options, '-i', key, `vagrant@${address}`, command], {
        reject: false,
      });
      return { exit: exitCode ?? 1, stdout };
    },
    nodes: async () => nodesOf(parse(await readFile(join(directory, 'kubeconfig'), 'utf8'))),
  };
}

async function virsh(...words: readonly string[]): Promise<string> {
  return (await execa('virsh', ['--quiet', '--connect', 'qemu:///system', ...words])).stdout;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a kubeconfig
async function nodesOf({ clusters: [{ cluster }], users: [{ user }] }: any): Promise<readonly KubeObject[]> {
  const decoded = (field: string) => Buffer.from(field, 'base64');
  const options = {
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
  const call = request(`${cluster.server}/api/v1/nodes`, options);
  const arrived = once(call, 'response');
  call.end();
  const [response] = await arrived;
  return JSON.parse(await text(response)).items;
}
