import { formatAddress, parseSubnet } from '../addresses.ts';
import { nodePlaces } from '../node-places.ts';
import { nodeKeys } from '../nodes.ts';
import type { Rule } from './rule.ts';

export const nspawnSubnetSmall: Rule = {
  id: 'NSPAWN_SUBNET_SMALL',
  title: 'Each container has, in the management network, the number that it has in the lab network.',
  link: 'https://www.freedesktop.org/software/systemd/man/latest/systemd-nspawn.html',
  *check(config) {
    const { provider, nspawn, network } = config.machines;
    if (provider !== 'nspawn') return;
    const { first } = parseSubnet(network.subnet);
    const management = parseSubnet(nspawn.managementSubnet);
    const size = management.last - management.first;
    const beyond = nodePlaces(config).find(({ address }) => address - first >= size);
    if (!beyond) return;
    const path = ['machines', 'nspawn', 'managementSubnet'];
    const base = formatAddress(management.first);
    yield {
      path,
      involves: [['machines', 'provider'], ...nodeKeys],
      message: `expected a subnet with a number ${beyond.address - first} for ${beyond.name}, came ${management.text}`,
      fix: `set ${path.join('.')} to a larger one, such as ${base}/${parseSubnet(network.subnet).prefix}`,
    };
  },
};
