import {
  contains,
  formatAddress,
  isWithin,
  overlap,
  parseAddress,
  parseAddressRange,
  parseSubnet,
  usable,
} from '../addresses.ts';
import type { AddressRange } from '../addresses.ts';
import type { Finding, Path } from '../finding.ts';
import { nodePlaces } from '../node-places.ts';
import { nodeKeys } from '../nodes.ts';
import type { Config } from '../schema.ts';
import type { Rule } from './rule.ts';

const poolPath: Path = ['features', 'loadBalancer', 'pools', 'default', 'range'];
const involves: readonly Path[] = [
  ['machines', 'network', 'subnet'],
  ['machines', 'libvirt', 'managementNetwork', 'subnet'],
  ['features', 'loadBalancer', 'staticIPs'],
  ['features', 'loadBalancer', 'enabled'],
  ...nodeKeys,
];

export const lbPoolOverlap: Rule = {
  id: 'LB_POOL_OVERLAP',
  title:
    'The load balancer’s addresses are of the lab network, and neither machines nor reserved addresses are among the pool’s.',
  link: 'https://docs.cilium.io/en/stable/network/lb-ipam/',
  *check(config) {
    const { loadBalancer } = config.features;
    if (!loadBalancer.enabled) return;
    const text = loadBalancer.pools.default.range;
    const pool = parseAddressRange(text);
    if (pool === undefined || pool.first > pool.last) {
      const expected = pool === undefined ? 'two IPv4 addresses with a dash' : 'the smaller address first';
      yield { path: poolPath, involves, message: `expected ${expected}, came ${text}`, fix: fixOfPool(config) };
      return;
    }
    yield* poolFindings(config, pool);
    yield* staticFindings(config, pool);
  },
};

function* poolFindings(config: Config, pool: AddressRange): Iterable<Finding> {
  const text = config.features.loadBalancer.pools.default.range;
  const lab = parseSubnet(config.machines.network.subnet);
  const management = parseSubnet(config.machines.libvirt.managementNetwork.subnet);
  if (!isWithin(pool, usable(lab))) {
    const isManaged =
      ['auto', 'libvirt'].includes(config.machines.provider) && overlap(pool, management) && !overlap(lab, management);
    const reason = isManaged ? `, addresses that DHCP gives away in the management network` : '';
    const message = `expected a range in the lab network, ${rangeText(usable(lab))}, came ${text}${reason}`;
    yield { path: poolPath, involves, message, fix: fixOfPool(config) };
  }
  const inside = nodePlaces(config).find(({ address }) => contains(pool, address));
  if (inside !== undefined) {
    const message = `expected a range without ${formatAddress(inside.address)} of ${inside.name}, came ${text}`;
    yield { path: poolPath, involves, message, fix: fixOfPool(config) };
  }
}

function* staticFindings({ features, machines }: Config, pool: AddressRange): Iterable<Finding> {
  const allowed = usable(parseSubnet(machines.network.subnet));
  for (const [service, text] of Object.entries(features.loadBalancer.staticIPs)) {
    const address = parseAddress(text);
    const path = ['features', 'loadBalancer', 'staticIPs', service];
    const fix = `set ${path.join('.')} to a free address of the lab network outside the pool`;
    const isInside = address !== undefined && contains(allowed, address);
    if (!isInside) {
      yield {
        path,
        involves: [poolPath, ...involves],
        message: `expected an address of the lab network, ${rangeText(allowed)}, came ${text}`,
        fix,
      };
    } else if (contains(pool, address)) {
      yield {
        path,
        involves: [poolPath, ...involves],
        message: `expected an address outside the pool ${rangeText(pool)}, came ${text}`,
        fix,
      };
    }
  }
}

function rangeText({ first, last }: AddressRange): string {
  return `${formatAddress(first)}-${formatAddress(last)}`;
}

function fixOfPool({ machines }: Config): string {
  const { first, last } = parseSubnet(machines.network.subnet);
  const isLarge = last - first >= 255;
  const example = isLarge ? ` such as ${formatAddress(first + 220)}-${formatAddress(first + 250)}` : '';
  return `set ${poolPath.join('.')} to a free range of ${machines.network.subnet}${example}`;
}
