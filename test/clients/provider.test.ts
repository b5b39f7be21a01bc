import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseProvider, openProvider, resolveProvider } from '../../src/clients/provider.ts';
import { parseConfig } from '../../src/config/load.ts';
import { failure } from './ssh-lab.ts';
import { temporaryFolder } from './temporary-folder.ts';

const configWith = (provider: string) => parseConfig(`machines: { provider: ${provider} }`, '/home/me/lab/config.yaml');
const auto = configWith('auto');

test('auto is libvirt where KVM can be used, else nspawn, and says why', () => {
  expect(chooseProvider(auto, { made: undefined, noKvm: undefined })).toMatchObject({ provider: 'libvirt' });
  const choice = chooseProvider(auto, { made: undefined, noKvm: '/dev/kvm cannot be written to' });
  expect(choice).toEqual({ provider: 'nspawn', because: expect.stringContaining('/dev/kvm cannot be written to') });
});

test('a lab keeps the provider that made its machines, without a word, when KVM comes or goes', () => {
  expect(chooseProvider(auto, { made: 'nspawn', noKvm: undefined })).toEqual({ provider: 'nspawn' });
  expect(chooseProvider(auto, { made: 'libvirt', noKvm: 'none' })).toEqual({ provider: 'libvirt' });
});

test('another provider than that of the lab’s machines is refused: they would be lost from sight', async () => {
  const directory = temporaryFolder();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'provider'), 'nspawn\n');
  const error = await failure(resolveProvider(configWith('libvirt'), directory, () => {}));
  expect(error).toMatchObject({
    message: expect.stringContaining('made by nspawn'),
    fix: expect.stringContaining('machines.provider: nspawn'),
  });
});

test('the config that comes out names one provider, and that one is opened', async () => {
  const directory = temporaryFolder();
  const notes: string[] = [];
  for (const wanted of ['libvirt', 'nspawn'] as const) {
    const config = await resolveProvider(configWith(wanted), directory, (note) => notes.push(note));
    expect(config.machines.provider).toBe(wanted);
    expect((await openProvider(config, { directory, root: '/project' })).kind).toBe(wanted);
  }
  expect(notes).toEqual([]);
  await expect(openProvider(auto, { directory, root: '/project' })).rejects.toThrow('not resolved');
});
