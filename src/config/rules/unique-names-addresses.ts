import { formatAddress, parseAddress } from '../addresses.ts';
import { dotted, oncePerPath } from '../finding.ts';
import type { Finding, Path } from '../finding.ts';
import { nodePlaces } from '../node-places.ts';
import { nodeKeys } from '../nodes.ts';
import type { Config } from '../schema.ts';
import type { Rule } from './rule.ts';

export const uniqueNamesAddresses: Rule = {
  id: 'UNIQUE_NAMES_ADDRESSES',
  title: 'No two machines have the same name, and no two machines or services the same address.',
  link: 'https://docs.rke2.io/install/requirements#prerequisites',
  check: (config) => oncePerPath(clashes(config)),
};

function* clashes(config: Config): Iterable<Finding> {
  const names = new Set<string>();
  const owners = new Map<number, string>();
  for (const { name, namePath, address, addressPath } of nodePlaces(config)) {
    const other = owners.get(address);
    if (names.has(name)) yield sameName(name, namePath);
    if (other !== undefined) yield sameAddress({ address, owner: name, other, path: addressPath });
    names.add(name);
    owners.set(address, name);
  }
  for (const { path, owner, address } of staticPlaces(config)) {
    const other = owners.get(address);
    if (other !== undefined) yield sameAddress({ address, owner, other, path });
    owners.set(address, owner);
  }
}

interface Clash {
  readonly address: number;
  readonly owner: string;
  readonly other: string;
  readonly path: Path;
}

function sameName(name: string, path: Path) {
  const message = `expected a name of its own for each machine, came ${JSON.stringify(name)} a second time`;
  return { path, involves: nodeKeys, message, fix: 'give one of the two machines another name' };
}

function sameAddress({ address, owner, other, path }: Clash) {
  return {
    path,
    involves: [...nodeKeys, ['features', 'loadBalancer', 'staticIPs'], ['features', 'loadBalancer', 'enabled']],
    message: `expected an address of its own for ${owner}, came ${formatAddress(address)}, which is that of ${other}`,
    fix: `set ${dotted(path)} so that it does not meet ${other}`,
  };
}

function staticPlaces({ features: { loadBalancer } }: Config) {
  if (!loadBalancer.enabled) return [];
  return Object.entries(loadBalancer.staticIPs).flatMap(([owner, text]) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ owner, address, path: ['features', 'loadBalancer', 'staticIPs', owner] }];
  });
}
