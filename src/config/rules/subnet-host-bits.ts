import { parseSubnet } from '../addresses.ts';
import type { Rule } from './rule.ts';

export const subnetHostBits: Rule = {
  id: 'SUBNET_HOST_BITS',
  title: 'A subnet is written with its first address.',
  link: 'https://www.rfc-editor.org/rfc/rfc4632#section-3.1',
  *check({ machines, rke2 }) {
    const subnets = [
      { path: ['machines', 'network', 'subnet'], text: machines.network.subnet },
      { path: ['machines', 'libvirt', 'managementNetwork', 'subnet'], text: machines.libvirt.managementNetwork.subnet },
      { path: ['rke2', 'clusterCidr'], text: rke2.clusterCidr },
      { path: ['rke2', 'serviceCidr'], text: rke2.serviceCidr },
    ];
    for (const { path, text } of subnets) {
      const proper = parseSubnet(text).text;
      if (text !== proper)
        yield { path, message: `expected ${proper}, came ${text}`, fix: `set ${path.join('.')} to ${proper}` };
    }
  },
};
