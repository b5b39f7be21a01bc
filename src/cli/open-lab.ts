import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { LabPlace, OpenedLab } from './command.ts';

/** The folder of the Vagrantfile: this project's own. */
const PROJECT = resolve(import.meta.dirname, '../..');

/** The real lab that this config.yaml is about. Nothing is connected to yet. */
export async function openConfiguredLab(written: Config, { directory, onLine, onNote }: LabPlace): Promise<OpenedLab> {
  const [{ openLab }, { resolveProvider, openProvider }] = await Promise.all([
    import('../clients/open-lab.ts'),
    import('../clients/provider.ts'),
  ]);
  const config = await resolveProvider(written, directory, onNote);
  const provider = await openProvider(config, { directory, onLine, root: PROJECT });
  return openLab({ config, provider, directory });
}
