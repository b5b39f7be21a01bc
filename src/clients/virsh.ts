import { join } from 'node:path';
import { LabError } from '../engine/errors.ts';
import type { Computer } from '../lab.ts';
import { shownCommand } from './command-failed.ts';
import { libvirtError, withCause } from './libvirt-failures.ts';
import { readDomain, readNetwork, type Domain, type Network } from './libvirt-xml.ts';

/** How virsh says that a thing is not there. One line more, such as a broken connection, and it is unknown. */
const NO_SUCH_THING =
  /^(error: (failed to get (domain|network|pool) '.*'|(Domain|Network|Storage pool) not found: no .* with matching name '.*')\s*)+$/;

/** A disk image in a storage pool. */
export interface Volume {
  readonly name: string;
  readonly path: string;
}

/** Looks at libvirt, and changes it. What is gone between two looks is absent, what cannot be read is a LabError. */
export interface Virsh {
  /** Names of domains; a paused one is active and does not run. */
  domains(which: 'all' | 'active' | 'running'): Promise<ReadonlySet<string>>;
  domain(name: string): Promise<Domain | undefined>;
  networks(which: 'all' | 'active'): Promise<ReadonlySet<string>>;
  network(name: string): Promise<Network | undefined>;
  /** Of a pool; none where there is no such pool. */
  volumes(pool: string): Promise<readonly Volume[]>;
  /** Changes something. */
  run(words: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Defines a network; it is not started by that. */
  defineNetwork(xml: string, signal?: AbortSignal): Promise<void>;
}

/** `directory` is the lab's own: a description goes through a file there, virsh opens no pipe. */
export function virsh(host: Computer, uri: string, directory: string): Virsh {
  const base = ['virsh', '--quiet', '--connect', uri];
  const read = async (words: readonly string[]) => {
    const argv = [...base, ...words];
    const { code, stdout, stderr } = await host.look(argv);
    if (code === 0) return stdout;
    if (NO_SUCH_THING.test(stderr)) return undefined;
    throw libvirtError(`ask libvirt: \`${shownCommand(argv)}\``, stderr, `run it by hand: ${shownCommand(argv)}`);
  };
  const names = async (words: readonly string[]) => new Set(lines((await read(words)) ?? ''));
  const change = async (words: readonly string[], signal?: AbortSignal) => {
    try {
      await host.run([...base, ...words], signal ? { signal } : {});
    } catch (error) {
      throw error instanceof LabError ? withCause(error) : error;
    }
  };
  return {
    domains: (which) =>
      names(['list', ...{ all: ['--all'], active: [], running: ['--state-running'] }[which], '--name']),
    networks: (which) => names(['net-list', ...(which === 'all' ? ['--all'] : []), '--name']),
    async domain(name) {
      const xml = await read(['dumpxml', '--inactive', name]);
      return xml === undefined ? undefined : readDomain(xml);
    },
    async network(name) {
      const xml = await read(['net-dumpxml', name]);
      return xml === undefined ? undefined : readNetwork(xml);
    },
    async volumes(pool) {
      return readVolumes((await read(['vol-list', pool])) ?? '');
    },
    run: change,
    async defineNetwork(xml, signal) {
      const path = join(directory, 'network.xml');
      await host.writeFile(path, { content: xml }, signal);
      await change(['net-define', path], signal);
      await host.removeFile(path);
    },
  };
}

/** Reads what `virsh --quiet vol-list` prints: name and path in columns, which may both hold spaces. */
export function readVolumes(text: string): readonly Volume[] {
  return lines(text).map((line) => {
    const [, name, path] = /^(\S.*?)\s{2,}(\S.*)$/.exec(line) ?? [];
    if (name === undefined || path === undefined) throw new Error(`not a line of \`virsh vol-list\`: ${line}`);
    return { name, path };
  });
}

function lines(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}
