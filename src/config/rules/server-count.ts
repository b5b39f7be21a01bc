import { machineKeys } from '../nodes.ts';
import type { Rule } from './rule.ts';

export const serverCount: Rule = {
  id: 'SERVER_COUNT',
  title:
    'The number of servers is odd: etcd with an even number bears no more failures, and has one machine more to fail.',
  link: 'https://docs.rke2.io/install/ha',
  *check({ machines, nodes }) {
    const isHosts = machines.provider === 'hosts';
    // HOSTS_EMPTY says that better.
    if (isHosts && machines.hosts.length === 0) return;
    const count = nodes.filter(({ role }) => role === 'server').length;
    if (count % 2 === 1) return;
    yield {
      path: isHosts ? ['machines', 'hosts'] : ['machines', 'sizes', machines.size, 'servers', 'count'],
      involves: machineKeys,
      message: `expected an odd number of servers, came ${count}`,
      fix: isHosts
        ? `give ${count === 0 ? 'one host' : 'one host more or less'} the role server`
        : `set count to ${count + 1}${count > 1 ? ` or ${count - 1}` : ''}`,
    };
  },
};
