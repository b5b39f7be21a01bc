import { machineKeys } from '../nodes.ts';
import type { Rule } from './rule.ts';

export const memoryLow: Rule = {
  id: 'MEMORY_LOW',
  title: 'Servers made by libvirt have the 4096 MB and 2 processors that RKE2 asks for.',
  link: 'https://docs.rke2.io/install/requirements#hardware',
  *check({ machines, nodes }) {
    if (machines.provider === 'hosts' || machines.provider === 'nspawn') return;
    const server = nodes.find(({ role }) => role === 'server');
    if (server === undefined) return;
    const size = ['machines', 'sizes', machines.size, 'servers'];
    if (server.memory < 4096) {
      const message = `expected at least 4096 MB for a server, came ${server.memory}; the API may not come up`;
      yield { path: [...size, 'memory'], involves: machineKeys, level: 'notice', message, fix: 'set memory to 8192' };
    }
    if (server.cpus < 2) {
      const message = `expected at least 2 processors for a server, came ${server.cpus}; the API may not come up`;
      yield { path: [...size, 'cpus'], involves: machineKeys, level: 'notice', message, fix: 'set cpus to 4' };
    }
  },
};
