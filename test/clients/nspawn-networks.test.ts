import { expect, test } from 'vitest';
import { bridgesThere, ensureBridges, removeBridge } from '../../src/clients/nspawn-networks.ts';
import { parseConfig } from '../../src/config/load.ts';
import { done, fakeComputer, refused } from './fake-computer.ts';

const config = parseConfig('', '/home/me/lab/config.yaml');
const directory = '/home/me/lab/.lab/dev';
const LIST = 'ip -j link show type bridge';

interface Links {
  readonly bridges?: readonly string[];
  /** What hangs on every bridge. */
  readonly ports?: readonly string[];
  readonly isOpen?: boolean;
}

/** A computer with these links, and with the firewall's rules or without. */
function computer({ bridges = [], ports = [], isOpen = false }: Links) {
  return fakeComputer((command) => {
    if (command === LIST)
      return done(bridges.length === 0 ? '' : JSON.stringify(bridges.map((ifname) => ({ ifname }))));
    if (command.startsWith('ip -j link show master '))
      return done(ports.length === 0 ? '' : JSON.stringify(ports.map((ifname) => ({ ifname }))));
    if (command.startsWith('iptables') && command.includes(' -C ')) return isOpen ? done() : refused();
    return /^(ip|iptables|sysctl) /.test(command) ? done() : undefined;
  });
}

async function ownNames(): Promise<readonly string[]> {
  const host = computer({});
  await ensureBridges({ host, config, directory });
  return host.ran.flatMap((command) => /^ip link add (\S+)/.exec(command)?.[1] ?? []);
}

test('two bridges are made, with the first address of each network, and a way out of one', async () => {
  const host = computer({});
  await ensureBridges({ host, config, directory });
  const addresses = host.ran.flatMap((command) => /^ip addr replace (\S+)/.exec(command)?.[1] ?? []);
  expect(addresses).toEqual(['192.168.124.1/24', '192.168.123.1/24']);
  expect(host.ran.filter((command) => command.includes('MASQUERADE'))).toEqual([
    expect.stringContaining('-I POSTROUTING -s 192.168.124.0/24 ! -d 192.168.124.0/24'),
  ]);
});

test('what is there is neither made again nor let out twice', async () => {
  const host = computer({ bridges: await ownNames(), isOpen: true });
  await ensureBridges({ host, config, directory });
  expect(host.ran.filter((command) => / add |-I /.test(command))).toEqual([]);
});

test('bridges of others are not the lab’s', async () => {
  const [own = ''] = await ownNames();
  expect(await bridgesThere({ host: computer({ bridges: ['docker0', own] }), config, directory })).toEqual([own]);
  expect(await bridgesThere({ host: computer({ bridges: [own] }), config, directory: '/other/.lab/dev' })).toEqual([]);
});

test('with the management network goes its way out, with the lab network nothing else', async () => {
  const [management = '', lab = ''] = await ownNames();
  const host = computer({ bridges: [management, lab], isOpen: true });
  await removeBridge({ host, config, directory }, lab);
  expect(host.ran.filter((command) => !command.includes(' show '))).toEqual([`ip link delete ${lab} type bridge`]);
  await removeBridge({ host, config, directory }, management);
  expect(host.ran.filter((command) => command.includes(' -D '))).toHaveLength(3);
});

test('ports that outlived their machine go with the bridge, and a cable that somebody else plugged in stays', async () => {
  const [, lab = ''] = await ownNames();
  const host = computer({ bridges: [lab], ports: ['rkp-1234abcd', 'veth0'] });
  await removeBridge({ host, config, directory }, lab);
  expect(host.ran.filter((command) => command.includes('delete'))).toEqual([
    'ip link delete rkp-1234abcd',
    `ip link delete ${lab} type bridge`,
  ]);
});
