import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import type { Provider } from '../lab.ts';
import { errorCode, readLocalFile, writeLocalFile } from './local-files.ts';

export interface ProviderPlace {
  /** The lab's own folder. */
  readonly directory: string;
  /** The folder of the Vagrantfile. */
  readonly root: string;
  /** Gets what the provider's programs say. */
  readonly onLine?: (line: string) => void;
}

/** What `machines.provider` comes to on this computer. */
export interface Choice {
  /** With a provider that makes machines, or `hosts`. */
  readonly provider: Provider['kind'];
  /** For people: why this one, where config.yaml left it open and no machine was made yet. */
  readonly because?: string;
}

/**
 * The config with `auto` replaced. A lab keeps the provider that made its machines: else they would be lost from sight when
 * KVM comes or goes, or when config.yaml is edited.
 */
export async function resolveProvider(
  config: Config,
  directory: string,
  onNote: (text: string) => void,
): Promise<Config> {
  const { provider, because } = chooseProvider(config, { made: await madeBy(directory), noKvm: await whyNoKvm() });
  if (because !== undefined) onNote(because);
  return { ...config, machines: { ...config.machines, provider } };
}

interface Circumstances {
  /** What made the lab's machines; undefined = there are none yet. */
  readonly made: string | undefined;
  /** Why libvirt cannot use KVM here; undefined = it can. */
  readonly noKvm: string | undefined;
}

export function chooseProvider({ machines: { provider } }: Config, { made, noKvm }: Circumstances): Choice {
  if (made !== undefined && made !== 'libvirt' && made !== 'nspawn') throw new Error(`no provider is called ${made}`);
  if (provider !== 'auto') {
    if (made === undefined || made === provider) return { provider };
    throw new LabError(
      `this lab's machines were made by ${made}, config.yaml says machines.provider: ${provider}`,
      `set machines.provider: ${made} in config.yaml; to change it, remove the lab first: npm run lab:down`,
    );
  }
  if (made !== undefined) return { provider: made };
  if (noKvm === undefined)
    return { provider: 'libvirt', because: 'machines.provider auto = libvirt: this computer offers KVM' };
  return { provider: 'nspawn', because: `machines.provider auto = nspawn: this computer offers no KVM (${noKvm})` };
}

/** The provider that a resolved config names. */
export async function openProvider(config: Config, { directory, root, onLine }: ProviderPlace): Promise<Provider> {
  const options = { config, directory, ...(onLine && { onLine }) };
  switch (config.machines.provider) {
    case 'hosts':
      return (await import('./hosts.ts')).hostsProvider(config);
    case 'nspawn':
      return remembered((await import('./nspawn.ts')).nspawnProvider(options), directory);
    case 'libvirt':
      return remembered((await import('./libvirt.ts')).libvirtProvider({ ...options, root }), directory);
    case 'auto':
      throw new Error('the provider was not resolved');
  }
}

/** Notes which provider it is before the first machine is made. */
function remembered(provider: Provider, directory: string): Provider {
  return {
    ...provider,
    up: async (names, signal) => {
      if ((await madeBy(directory)) !== provider.kind)
        await writeLocalFile(noteFile(directory), { content: `${provider.kind}\n` }, signal);
      await provider.up(names, signal);
    },
  };
}

async function madeBy(directory: string): Promise<string | undefined> {
  return (await readLocalFile(noteFile(directory)))?.content.trim();
}

function noteFile(directory: string): string {
  return join(directory, 'provider');
}

async function whyNoKvm(): Promise<string | undefined> {
  // Software that gives KVM to a computer whose processor has no virtualisation is not fit for whole machines.
  const flags = process.arch === 'x64' ? ((await readLocalFile('/proc/cpuinfo'))?.content ?? '') : 'vmx';
  if (!/\b(vmx|svm)\b/.test(flags)) return 'its processor shows neither vmx nor svm';
  return (await isWritable('/dev/kvm')) ? undefined : '/dev/kvm cannot be written to';
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}
