import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import type { Clock, Computer } from '../lab.ts';
import { fingerprint } from './known-hosts.ts';
import { errorCode, readLocalFile, writeLocalFile } from './local-files.ts';
import { awaitBoot } from './nspawn-boot.ts';
import { findMachine, machineFolder, markReady } from './nspawn-folder.ts';
import { diskFile, hostKeyFile, makeMachine } from './nspawn-make.ts';
import { nameServers, resolvedConf } from './nspawn-name-servers.ts';
import { ensureBridges } from './nspawn-networks.ts';
import { removeFolder, switchOff, switchOn } from './nspawn-power.ts';
import { startFile } from './nspawn-start.ts';
import { sshMachine } from './ssh.ts';

export interface NspawnLab {
  readonly config: Config;
  /** The lab's own folder. */
  readonly directory: string;
  readonly host: Computer;
  readonly clock: Clock;
  /** The root file system for new machines, made if need be. */
  root(signal?: AbortSignal): Promise<string>;
}

/** Makes or starts machines, together. One that fails does not keep the others from being finished; its error comes at the end. */
export async function bringUp(lab: NspawnLab, names: readonly string[], signal?: AbortSignal): Promise<void> {
  const nodes = lab.config.nodes.filter(({ name }) => names.includes(name));
  await ensureBridges(lab, signal);
  const made = await Promise.all(nodes.map(({ name }) => findMachine(machineFolder(lab.directory, name))));
  const root = made.every(({ record }) => record) ? '' : await lab.root(signal);
  const results = await Promise.allSettled(nodes.map((node) => bringUpOne(lab, { node, root, signal })));
  signal?.throwIfAborted();
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `could not make ${names.join(', ')}`);
}

interface One {
  readonly node: Node;
  /** For a new machine. */
  readonly root: string;
  readonly signal?: AbortSignal | undefined;
}

async function bringUpOne(lab: NspawnLab, { node, root, signal }: One): Promise<void> {
  const { directory, clock } = lab;
  const folder = machineFolder(directory, node.name);
  if (!(await findMachine(folder)).record) {
    await switchOff(folder, clock);
    await removeFolder(folder);
    await makeMachine({ node, directory, root, host: lab.host });
  }
  signal?.throwIfAborted();
  const { supervisor } = await findMachine(folder);
  if (!supervisor) await powerOn(lab, node, folder);
  await awaitBoot({ node, folder, clock, signal });
  await logIn(node, directory, folder);
  await markReady(folder);
}

async function powerOn({ config, directory, clock }: NspawnLab, node: Node, folder: string): Promise<void> {
  const { record } = await findMachine(folder);
  if (!record) throw new Error(`${folder} is the folder of no machine`);
  await requireRoot(node, record.root);
  const disk = record.dataDisk > 0 ? diskFile(folder) : undefined;
  const content = startFile({ config, node, directory, root: record.root, disk });
  await writeLocalFile(join(folder, 'start'), { content });
  const resolved = join(folder, 'upper/etc/systemd/resolved.conf.d/50-rke2-lab-servers.conf');
  await writeLocalFile(resolved, { content: resolvedConf(await nameServers()) });
  await switchOn(folder, clock);
}

/** The machine's files are only what differs from that root. */
async function requireRoot({ name }: Node, root: string): Promise<void> {
  try {
    await access(root);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new LabError(
      `could not start ${name}: its root file system ${root} was removed from the cache`,
      'the machine is lost: npm run lab:down, then npm run lab:up',
      { cause: error },
    );
  }
}

/** The host key is known, we made it: it is pinned by a first log-in that accepts no other. */
async function logIn(node: Node, directory: string, folder: string): Promise<void> {
  const [type = '', key = ''] = (await readLocalFile(`${hostKeyFile(folder)}.pub`))?.content.split(' ') ?? [];
  const hostKey = fingerprint({ type, key });
  const machine = sshMachine({ node: { ...node, hostKey }, directory, trustFirst: false });
  try {
    await machine.look(['true']);
  } finally {
    machine.close();
  }
}
