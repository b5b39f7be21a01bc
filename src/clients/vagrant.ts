import { LabError } from '../engine/errors.ts';
import { libvirtError } from './libvirt-failures.ts';
import { runGroup } from './process-group.ts';
import { machineDone, readVagrantLine, saidToPerson } from './vagrant-output.ts';

export interface VagrantOptions {
  /** The folder of the Vagrantfile. */
  readonly root: string;
  /** config.yaml */
  readonly configFile: string;
  /** Seconds from a machine's start to its good end: Vagrant itself waits for an address for ever. */
  readonly bootSeconds: number;
  /** Gets what Vagrant says. */
  readonly onLine?: ((line: string) => void) | undefined;
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

/** Vagrant, with the Vagrantfile of the project and one config.yaml. */
export function vagrant(options: VagrantOptions): Vagrant {
  const toTheEnd = async (words: readonly string[], signal?: AbortSignal) => {
    const { code, said } = await execute(options, words, signal);
    if (code !== 0) throw libvirtError(`\`vagrant ${words.join(' ')}\``, said, byHand(options, words));
  };
  return {
    async up(names, signal) {
      const words = ['up', '--parallel', '--no-provision', '--provider', 'libvirt', ...names];
      const { code, said, done, late } = await execute(options, words, signal);
      const missing = names.filter((name) => !done.has(name));
      const error = late
        ? lateError(options, missing, said)
        : libvirtError(`make ${missing.join(', ')}`, said, byHand(options, words));
      return { done, error: code === 0 ? undefined : error };
    },
    halt: (names, signal) => toTheEnd(['halt', ...names], signal),
    destroy: (names, signal) => toTheEnd(['destroy', '--force', ...names], signal),
  };
}

interface Execution {
  readonly code: number;
  readonly said: string;
  readonly done: ReadonlySet<string>;
  /** True when it was ended because a machine took too long. */
  readonly late: boolean;
}

async function execute(options: VagrantOptions, words: readonly string[], signal?: AbortSignal): Promise<Execution> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const said: string[] = [];
  const done = new Set<string>();
  const onLine = (text: string) => {
    const line = readVagrantLine(text);
    const name = line && machineDone(line);
    if (name !== undefined) done.add(name);
    const told = line ? saidToPerson(line) : text;
    if (told === undefined) return;
    said.push(told);
    options.onLine?.(told);
    if (!told.endsWith('Starting domain.')) return;
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(), options.bootSeconds * 1000);
  };
  try {
    const { code, stderr } = await runGroup({
      argv: ['vagrant', ...words, '--machine-readable'],
      cwd: options.root,
      env: environment(options),
      signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
      onLine,
    });
    signal?.throwIfAborted();
    if (code === undefined)
      throw new LabError('could not start `vagrant`: no such program', 'sudo apt-get install vagrant vagrant-libvirt');
    return { code, done, late: limit.signal.aborted, said: [...said, withoutTrace(stderr)].join('\n').trim() };
  } finally {
    clearTimeout(timer);
  }
}

/** Errors that the plug-in does not catch come with the way that Ruby went. */
function withoutTrace(stderr: string): string {
  return stderr.replaceAll(/^\s+from \/.*\n?/gm, '').trim();
}

function environment({ configFile }: VagrantOptions): Readonly<Record<string, string>> {
  return {
    LC_ALL: 'C.UTF-8',
    RKE2_LAB_CONFIG: configFile,
    VAGRANT_CHECKPOINT_DISABLE: '1',
    VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
    VAGRANT_NO_COLOR: '1',
  };
}

function lateError({ bootSeconds }: VagrantOptions, names: readonly string[], said: string): LabError {
  const stuck = names.map(
    (name) => said.split('\n').findLast((line) => line.startsWith(`${name}: `)) ?? `${name}: not started`,
  );
  return libvirtError(
    `make ${names.join(', ')} in ${bootSeconds} seconds`,
    stuck.join('\n'),
    'raise machines.libvirt.bootTimeout in config.yaml',
  );
}

function byHand({ root, configFile }: VagrantOptions, words: readonly string[]): string {
  return `see what Vagrant says: cd ${root} && RKE2_LAB_CONFIG=${configFile} vagrant ${words.join(' ')}`;
}
