import type { Rule } from './rule.ts';

export const hostsEmpty: Rule = {
  id: 'HOSTS_EMPTY',
  title: 'With provider hosts, and only then, config.yaml lists the hosts.',
  link: 'https://docs.rke2.io/install/requirements',
  *check({ machines: { provider, hosts } }) {
    const path = ['machines', 'hosts'];
    const involves = [['machines', 'provider']];
    if (provider === 'hosts' && hosts.length === 0) {
      const fix = 'add each machine with name, role and address to machines.hosts, or set machines.provider to auto';
      yield { path, involves, message: 'expected the machines that exist already, came an empty list', fix };
    }
    if (provider !== 'hosts' && hosts.length > 0) {
      const message = `expected no hosts with provider ${provider}, which makes the machines, came ${hosts.length}`;
      yield { path, involves, message, fix: 'set machines.provider to hosts, or remove machines.hosts' };
    }
  },
};
