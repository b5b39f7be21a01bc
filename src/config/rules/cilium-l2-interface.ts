import type { Config } from '../schema.ts';
import type { Rule } from './rule.ts';

export const ciliumL2Interface: Rule = {
  id: 'CILIUM_L2_INTERFACE',
  title: 'The interfaces that announce load balancer addresses are among the devices of Cilium.',
  link: 'https://docs.cilium.io/en/stable/network/l2-announcements/',
  *check({ features: { loadBalancer, cilium }, machines }: Config) {
    if (!loadBalancer.enabled || loadBalancer.provider !== 'cilium') return;
    const announcing = loadBalancer.interfaces ?? [machines.network.interface];
    const missing = announcing.filter((name) => !cilium.devices.some((device) => isDevice(device, name)));
    if (missing.length === 0) return;
    yield {
      path: ['features', 'cilium', 'devices'],
      involves: [['features', 'loadBalancer', 'interfaces'], ['machines', 'network', 'interface'], ...switches],
      message: `expected ${missing.join(', ')}, which announces the load balancer's addresses, among Cilium's devices, came ${cilium.devices.join(', ')}`,
      fix: `set features.cilium.devices to [${[...cilium.devices, ...missing].join(', ')}]`,
    };
  },
};

const switches = [
  ['features', 'loadBalancer', 'provider'],
  ['features', 'loadBalancer', 'enabled'],
];

/** Cilium takes a plus sign at the end for any further characters: `eth+`. */
function isDevice(device: string, name: string): boolean {
  return device.endsWith('+') ? name.startsWith(device.slice(0, -1)) : device === name;
}
