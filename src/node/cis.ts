import type { Step } from '../engine/phase.ts';
import type { Site } from './rke2-site.ts';

const SOURCE = '/usr/local/share/rke2/rke2-cis-sysctl.conf';
const FILE = '/etc/sysctl.d/60-rke2-cis.conf';

/** What profile cis needs before RKE2 starts: its sysctls, and on servers a user for etcd. https://docs.rke2.io/security/hardening_guide */
export async function cisSteps({ machine, node, state }: Site, profile: string): Promise<readonly Step[]> {
  if (profile !== 'cis' || !state.version) return [];
  const [source, present, user] = await Promise.all([
    machine.readFile(SOURCE),
    machine.readFile(FILE),
    machine.look(['id', '-u', 'etcd']),
  ]);
  const steps: Step[] = [];
  if (source && present?.content !== source.content)
    steps.push({
      title: `set the sysctls of profile cis on ${node.name}`,
      run: async (signal) => {
        await machine.writeFile(FILE, { content: source.content }, signal);
        await machine.run(['sysctl', '-p', FILE], { signal });
      },
    });
  if (node.role === 'server' && user.code !== 0)
    steps.push({
      title: `make the user etcd on ${node.name}`,
      run: (signal) =>
        machine.run(['useradd', '-r', '-c', 'etcd user', '-s', '/sbin/nologin', '-M', '-U', 'etcd'], { signal }),
    });
  return steps;
}
