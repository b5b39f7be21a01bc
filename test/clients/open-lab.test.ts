import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLab } from '../../src/clients/open-lab.ts';
import { configSchema, type Config } from '../../src/config/schema.ts';
import { hostsProvider } from '../../src/clients/hosts.ts';
import { failure, sshLab } from './ssh-lab.ts';
import { nodeAt } from './ssh-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

function configOf(provider: 'libvirt' | 'hosts', nodes: Config['nodes']): Config {
  const settings = configSchema.parse({ machines: { provider } });
  return { ...settings, file: '/config.yaml', nodes, cilium: { chart: '1.19.601', version: '1.19.6', minor: 19 } };
}

function open(config: Config, directory: string) {
  const { lab, close } = openLab({ config, provider: hostsProvider(config), directory });
  onTestFinished(close);
  return lab;
}

test('the machines of config.yaml are reached, those that the lab makes on trust, those that exist not', async () => {
  const { server, directory } = await sshLab();
  const nodes = [nodeAt(server)];
  const existing = open(configOf('hosts', nodes), directory);
  expect(await failure(existing.machine('dev-s1').look(['true']))).toMatchObject({
    message: expect.stringContaining('unknown'),
  });
  const made = open(configOf('libvirt', nodes), directory);
  expect(await made.machine('dev-s1').look(['echo', 'up'])).toMatchObject({ stdout: 'up\n' });
  expect(made.machine('dev-s1')).toBe(made.machine('dev-s1'));
  expect(() => made.machine('dev-s9')).toThrow('no machine called dev-s9');
});

test('the cluster is that of the kubeconfig in the lab directory, the cache that of the operator', async () => {
  const directory = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', directory);
  vi.stubEnv('KUBECONFIG', ':/first/config:/second/config');
  onTestFinished(() => void vi.unstubAllEnvs());
  const lab = open(configOf('libvirt', []), directory);
  const error = await failure(lab.kube.list({ apiVersion: 'v1', kind: 'Node' }));
  expect(error).toMatchObject({ message: expect.stringContaining(`${directory}/kubeconfig`) });
  expect(lab.userKubeconfig).toBe('/first/config');
  const path = join(directory, 'rke2-lab', 'rke2', 'v1', 'file');
  await lab.host.writeFile(path, { content: '' });
  writeFileSync(
    join(path, '..', 'sha256sum-amd64.txt'),
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  file\n',
  );
  expect(await lab.artefacts.find('v1', 'file')).toMatchObject({ path, size: 0 });
});

test('a secret is 64 hexadecimal digits, another one each time', () => {
  const lab = open(configOf('libvirt', []), '/nowhere');
  expect(lab.newSecret()).toMatch(/^[0-9a-f]{64}$/);
  expect(lab.newSecret()).not.toBe(lab.newSecret());
});
