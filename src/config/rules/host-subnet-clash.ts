import { contains, formatAddress, overlap, parseSubnet } from '../addresses.ts';
import type { Subnet } from '../addresses.ts';
import type { Path } from '../finding.ts';
import { nodePlaces } from '../node-places.ts';
import type { Config } from '../schema.ts';
import type { Rule } from './rule.ts';

export const hostSubnetClash: Rule = {
  id: 'HOST_SUBNET_CLASH',
  title: 'The lab network, the management network, the pods and the services have subnets of their own.',
  link: 'https://github.com/kubernetes-sigs/kubespray/issues/12331',
  *check(config) {
    const networks = networksOf(config);
    for (const [index, network] of networks.entries()) {
      for (const other of networks.slice(index + 1)) {
        // With provider auto, there is only one of the two management networks.
        if (network.name === other.name || !overlap(network.subnet, other.subnet)) continue;
        yield {
          path: other.path,
          involves: [network.path, ['machines', 'provider']],
          message: `expected a subnet apart from ${network.subnet.text} of ${network.name}, came ${other.subnet.text} for ${other.name}`,
          fix: `set ${other.key} or ${network.key} to a free subnet, such as ${freeSubnet(networks)}`,
        };
      }
    }
    if (config.machines.provider === 'hosts') yield* hostsInside(config, networks);
  },
};

interface Network {
  readonly name: string;
  readonly path: Path;
  readonly key: string;
  readonly subnet: Subnet;
}

function networksOf({ machines, rke2 }: Config): Network[] {
  const network = (name: string, path: string[], subnet: string) => ({
    name,
    path,
    key: path.join('.'),
    subnet: parseSubnet(subnet),
  });
  const management = machines.libvirt.managementNetwork.subnet;
  return [
    network('the pods', ['rke2', 'clusterCidr'], rke2.clusterCidr),
    network('the services', ['rke2', 'serviceCidr'], rke2.serviceCidr),
    ...(machines.provider === 'libvirt' || machines.provider === 'auto'
      ? [network('the management network', ['machines', 'libvirt', 'managementNetwork', 'subnet'], management)]
      : []),
    ...(machines.provider === 'nspawn' || machines.provider === 'auto'
      ? [
          network(
            'the management network',
            ['machines', 'nspawn', 'managementSubnet'],
            machines.nspawn.managementSubnet,
          ),
        ]
      : []),
    network('the lab network', ['machines', 'network', 'subnet'], machines.network.subnet),
  ];
}

function freeSubnet(networks: readonly Network[]): string {
  const candidates = Array.from({ length: 55 }, (_, index) => `192.168.${200 + index}.0/24`);
  const free = candidates.find((candidate) => !networks.some(({ subnet }) => overlap(subnet, parseSubnet(candidate))));
  return free ?? '172.30.0.0/24';
}

/** Machines that exist already need not be in the lab network, but never among pods and services. */
function* hostsInside(config: Config, networks: readonly Network[]) {
  for (const { address, addressPath } of nodePlaces(config)) {
    for (const { name, path, key, subnet } of networks.slice(0, 2)) {
      if (!contains(subnet, address)) continue;
      yield {
        path: addressPath,
        involves: [path],
        message: `expected an address outside ${subnet.text} of ${name}, came ${formatAddress(address)}`,
        fix: `set ${key} to another subnet`,
      };
    }
  }
}
