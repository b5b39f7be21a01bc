import { contains, formatAddress, parseSubnet, usable } from '../addresses.ts';
import { dotted, oncePerPath } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { nodePlaces } from '../node-places.ts';
import { nodeKeys } from '../nodes.ts';
import type { Config } from '../schema.ts';
import type { Rule } from './rule.ts';

export const nodeAddress: Rule = {
  id: 'NODE_ADDRESS',
  title:
    'Each machine has an address of the lab network, not its own, its gateway’s (the first) or its broadcast address.',
  link: 'https://vagrant-libvirt.github.io/vagrant-libvirt/configuration.html#private-network-options',
  check: (config) => oncePerPath(strangers(config)),
};

function* strangers(config: Config): Iterable<Finding> {
  const { machines, features } = config;
  const isOurs = machines.provider !== 'hosts';
  // Without addresses to announce, machines that exist already may be anywhere.
  if (!isOurs && !features.loadBalancer.enabled) return;
  const subnet = parseSubnet(machines.network.subnet);
  const allowed = isOurs ? usable(subnet) : { first: subnet.first + 1, last: subnet.last - 1 };
  for (const { name, address, addressPath } of nodePlaces(config)) {
    if (contains(allowed, address)) continue;
    const given = formatAddress(address);
    yield {
      path: addressPath,
      involves: [['machines', 'network', 'subnet'], ...nodeKeys, ['features', 'loadBalancer', 'enabled']],
      message: `expected an address from ${formatAddress(allowed.first)} to ${formatAddress(allowed.last)} for ${name}, came ${given}`,
      fix: isOurs
        ? `set machines.network.subnet to a larger one, or ${dotted(addressPath)} to a smaller number`
        : 'set machines.network.subnet to the subnet of the hosts',
    };
  }
}
