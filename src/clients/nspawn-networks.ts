import { parseSubnet } from '../config/addresses.ts';
import type { Config } from '../config/schema.ts';
import type { Computer } from '../lab.ts';
import { bridgeName, hardwareAddress, isPort } from './nspawn-names.ts';
import { firstAddress } from './nspawn-start.ts';
import { closeWayOut, openWayOut, type WayOut } from './nspawn-way-out.ts';

interface Place {
  readonly host: Computer;
  readonly config: Config;
  /** The lab's own folder. */
  readonly directory: string;
}

interface Bridge {
  readonly name: string;
  readonly subnet: string;
  readonly purpose: string;
}

/** The lab's two bridges, with this computer's address on each, in the network namespace that we run in. What is there already stays. */
export async function ensureBridges(place: Place, signal?: AbortSignal): Promise<void> {
  const there = await bridgesThere(place);
  const options = signal && { signal };
  for (const { name, subnet, purpose } of bridgesOf(place)) {
    const run = (...words: readonly string[]) => place.host.run(['ip', ...words], options);
    const mac = hardwareAddress(place.directory, name, 'bridge');
    // No spanning tree: its ports would forward nothing for seconds after a machine starts.
    if (!there.includes(name))
      await run('link', 'add', name, 'address', mac, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
    await run('link', 'set', name, 'alias', `rke2-lab: ${purpose} of ${place.config.lab.name}`);
    await run('addr', 'replace', `${firstAddress(subnet)}/${parseSubnet(subnet).prefix}`, 'dev', name);
    await run('link', 'set', name, 'up');
  }
  await openWayOut(place.host, wayOutOf(place), signal);
}

/** Names of those that exist. */
export async function bridgesThere(place: Place): Promise<readonly string[]> {
  const names = new Set(await linksOf(place.host, 'type', 'bridge'));
  return bridgesOf(place)
    .map(({ name }) => name)
    .filter((name) => names.has(name));
}

export async function removeBridge(place: Place, name: string, signal?: AbortSignal): Promise<void> {
  const wayOut = wayOutOf(place);
  if (name === wayOut.bridge) await closeWayOut(place.host, wayOut, signal);
  // The kernel keeps a machine's namespace, and with it the cable, while a connection in it is still being closed.
  for (const port of (await linksOf(place.host, 'master', name)).filter(isPort))
    await place.host.run(['ip', 'link', 'delete', port], signal && { signal });
  await place.host.run(['ip', 'link', 'delete', name, 'type', 'bridge'], signal && { signal });
}

async function linksOf(host: Computer, ...which: readonly string[]): Promise<readonly string[]> {
  const shown = await host.run(['ip', '-j', 'link', 'show', ...which]);
  const links: readonly { readonly ifname: string }[] = JSON.parse(shown || '[]');
  return links.map(({ ifname }) => ifname);
}

function wayOutOf({ config, directory }: Place): WayOut {
  return {
    bridge: bridgeName(directory, config.lab.name, 'management'),
    subnet: parseSubnet(config.machines.nspawn.managementSubnet).text,
  };
}

function bridgesOf({ config, directory }: Place): readonly Bridge[] {
  const { network, nspawn } = config.machines;
  return [
    {
      name: bridgeName(directory, config.lab.name, 'management'),
      subnet: nspawn.managementSubnet,
      purpose: 'management network',
    },
    { name: bridgeName(directory, config.lab.name, 'lab'), subnet: network.subnet, purpose: 'lab network' },
  ];
}
