import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameServers, resolvedConf } from '../../src/clients/nspawn-name-servers.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('machines ask the first file’s name servers that are not the computer itself', async () => {
  const folder = temporaryFolder();
  const [stub, real] = [join(folder, 'stub'), join(folder, 'real')];
  writeFileSync(stub, '# stub\nnameserver 127.0.0.53\n');
  writeFileSync(real, 'search lan\nnameserver 192.0.2.1\nnameserver fe80::1%eth0\nnameserver 192.0.2.2\n');
  expect(await nameServers([join(folder, 'none'), stub, real])).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(await nameServers([stub])).toEqual([]);
});

test('a machine is told nothing where there is nobody to ask', () => {
  expect(resolvedConf([])).toBe('');
  expect(resolvedConf(['192.0.2.1', '192.0.2.2'])).toBe('[Resolve]\nDNS=192.0.2.1 192.0.2.2\n');
});
