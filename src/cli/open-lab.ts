import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Provider } from '../lab.ts';
import type { OpenedLab } from './command.ts';

/** The folder of the Vagrantfile: this project's own. */
const PROJECT = resolve(import.meta.dirname, '../..');

interface Place {
  readonly directory: string;
  readonly onLine: (line: string) => void;
}

/** The real lab that this config.yaml is about. Nothing is connected to yet. */
export async function openConfiguredLab(config: Config, place: Place): Promise<OpenedLab> {
  const [{ openLab }, provider] = await Promise.all([import('../clients/open-lab.ts'), providerOf(config, place)]);
  return openLab({ config, provider, directory: place.directory });
}

async function providerOf(config: Config, place: Place): Promise<Provider> {
  if (config.machines.provider === 'hosts') return (await import('../clients/hosts.ts')).hostsProvider(config);
  const { libvirtProvider } = await import('../clients/libvirt.ts');
  return libvirtProvider({ config, ...place, root: PROJECT });
}
