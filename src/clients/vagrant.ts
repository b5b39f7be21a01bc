import { LabError } from '../engine/errors.ts';
import { lastLines } from './command-failed.ts';
import { libvirtError } from './libvirt-failures.ts';
import { machineDone, readVagrantLine, saidToPerson } from './vagrant-output.ts';

/** Seconds that Vagrant gets to clear up what it has half done, once interrupted. */
const CLEAR_UP_SECONDS = 60;

export interface VagrantOptions {
  /** The folder of the Vagrantfile. */
  readonly root: string;
  /** config.yaml */
  readonly configFile: string;
  /** The lab's own folder. */
  readonly directory: string;
  /** Seconds from a machine's start until it must be done; Vagrant itself waits for an address without end. */
  readonly bootSeconds: number;
  /** Gets what Vagrant says. */
  readonly onLine?: (line: string) => void;
}

/** How `vagrant up` went: the machines that came to their good end, and what stopped the others. */
export interface UpResult {
  readonly done: ReadonlySet<string>;
  readonly error: LabError | undefined;
}

export interface Vagrant {
  /** Makes or starts the machines, together. */
  up(names: readonly string[], signal?: AbortSignal): Promise<UpResult>;
  halt(names: readonly string[], signal?: AbortSignal): Promise<void>;
  destroy(names: readonly string[], signal?: AbortSignal): Promise<void>;
}

export function vagrant(options: VagrantOptions): Vagrant {
  const ended = async (verb: string, args: readonly string[], signal?: AbortSignal) => {
    const run = await execute(options, [verb, ...args], signal);
    if (run.code !== 0) throw libvirtError(`${verb} ${args.join(' ')} with Vagrant`, run.said, byHand([verb, ...args]));
  };
  return {
    async up(names, signal) {
      const args = ['up', '--parallel', '--no-provision', '--provider', 'libvirt', ...names];
      const run = await execute(options, args, signal);
      const error = run.code === 0 ? undefined : upError({ names, run, bootSeconds: options.bootSeconds, args });
      return { done: run.done, error };
    },
    halt: (names, signal) => ended('halt', names, signal),
    destroy: (names, signal) => ended('destroy', ['--force', ...names], signal),
  };
}

interface Run {
  readonly code: number | 'too slow';
  readonly said: string;
  readonly done: ReadonlySet<string>;
}

async function execute(options: VagrantOptions, args: readonly string[], signal?: AbortSignal): Promise<Run> {
  signal?.throwIfAborted();
  const { execa } = await import('execa');
  const child = execa('vagrant', [...args, '--machine-readable'], {
    cwd: options.root,
    env: environment(options),
    stdin: 'ignore',
    // A process group of its own, so that its end is the end of all that it started.
    detached: true,
    reject: false,
  });
  const ending = groupEnding(child.pid);
  signal?.addEventListener('abort', ending.begin, { once: true });
  const boot = bootLimit(options.bootSeconds, ending.begin);
  const done = new Set<string>();
  const said: string[] = [];
  for await (const text of child) {
    const line = readVagrantLine(text);
    const words = line ? saidToPerson(line) : text;
    const finished = line && machineDone(line);
    if (finished) done.add(finished);
    if (words === undefined) continue;
    said.push(words);
    options.onLine?.(words);
    if (words.includes('Starting domain')) boot.begin();
  }
  const result = await child;
  boot.end();
  ending.end();
  signal?.removeEventListener('abort', ending.begin);
  signal?.throwIfAborted();
  if (result.code === 'ENOENT') throw notInstalled();
  const code = boot.over() ? 'too slow' : (result.exitCode ?? 1);
  return { code, done, said: [...said, result.stderr].join('\n').trim() };
}

function environment({ configFile, directory }: VagrantOptions) {
  return {
    LC_ALL: 'C.UTF-8',
    RKE2_LAB_CONFIG: configFile,
    RKE2_LAB_DIRECTORY: directory,
    VAGRANT_CHECKPOINT_DISABLE: '1',
    VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
    VAGRANT_DEFAULT_PROVIDER: 'libvirt',
  };
}
