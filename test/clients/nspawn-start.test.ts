import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cablesOf, startFile } from '../../src/clients/nspawn-start.ts';
import { bridgeName, hardwareAddress, machineId, portName } from '../../src/clients/nspawn-names.ts';
import { parseConfig } from '../../src/config/load.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DIRECTORY = '/home/me/lab/.lab/dev';

function startOf(yaml = '') {
  const config = parseConfig(yaml, '/home/me/lab/config.yaml');
  const [node] = config.nodes;
  return { config, node: node!, directory: DIRECTORY };
}

test('a machine has the lab network on the interface of config.yaml and the same number in the management network', () => {
  expect(cablesOf(startOf())).toMatchObject([
    { nic: 'eth0', address: '192.168.124.50/24' },
    { nic: 'eth1', address: '192.168.123.50/24' },
  ]);
});

test('the management network makes room on eth0 for a lab network that is there', () => {
  const yaml = 'machines: { network: { interface: eth0 } }\nfeatures: { loadBalancer: { interfaces: [eth0] } }';
  expect(cablesOf(startOf(yaml)).map(({ nic }) => nic)).toEqual(['eth1', 'eth0']);
});

test('names of interfaces fit the kernel and belong to one folder only, also for the longest lab', () => {
  const lab = 'abcdefghijklmnopqrst';
  const names = [
    bridgeName(DIRECTORY, lab, 'lab'),
    bridgeName(DIRECTORY, lab, 'management'),
    portName(DIRECTORY, `${lab}-s100`, 'eth0'),
    portName(DIRECTORY, `${lab}-s100`, 'eth1'),
  ];
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,15}$/);
  expect(bridgeName('/elsewhere/.lab/dev', lab, 'lab')).not.toBe(names[0]);
  expect(machineId('/elsewhere/.lab/dev', 'dev-s1')).not.toBe(machineId(DIRECTORY, 'dev-s1'));
});

test('a hardware address is the same each time, of one machine, and a local one', () => {
  expect(hardwareAddress(DIRECTORY, 'dev-s1', 'eth0')).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(hardwareAddress(DIRECTORY, 'dev-s1', 'eth0')).toBe(hardwareAddress(DIRECTORY, 'dev-s1', 'eth0'));
  expect(hardwareAddress(DIRECTORY, 'dev-s1', 'eth0')).not.toBe(hardwareAddress(DIRECTORY, 'dev-s2', 'eth0'));
});

test('bash reads the words of a start as they were written, whatever is in the path', () => {
  const folder = temporaryFolder();
  const root = "/home/it's me/$HOME/root";
  writeFileSync(join(folder, 'start'), startFile({ ...startOf(), root }));
  const script = `. ${folder}/start; printf '%s\\n' "$ROOT" "$NAME" "$GATEWAY" "$DISK"; set -- $CABLES; echo $#`;
  const lines = execFileSync('bash', ['-euc', script], { encoding: 'utf8' }).split('\n');
  expect(lines.slice(0, 5)).toEqual([root, 'dev-s1', '192.168.124.1', '', '2']);
});
