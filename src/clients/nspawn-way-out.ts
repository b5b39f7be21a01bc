import type { Computer } from '../lab.ts';

export interface WayOut {
  /** Of the management network. */
  readonly bridge: string;
  readonly subnet: string;
}

/** A rule of this computer's firewall: table, chain, and the rest in the words of iptables. */
interface FirewallRule {
  readonly table: 'filter' | 'nat';
  readonly chain: string;
  readonly words: readonly string[];
}

/** Lets the machines out through this computer, as libvirt's NAT networks do; nobody is let in who was not asked. */
export async function openWayOut(host: Computer, way: WayOut, signal?: AbortSignal): Promise<void> {
  const options = signal && { signal };
  await host.run(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1'], options);
  for (const rule of rulesOf(way)) {
    // First, not last: a firewall that drops what it does not know is a common one (Docker's).
    if (!(await isThere(host, rule))) await host.run(iptables(rule, '-I'), options);
  }
}

/** Removes those rules; the computer goes on forwarding, somebody else may count on it by now. */
export async function closeWayOut(host: Computer, way: WayOut, signal?: AbortSignal): Promise<void> {
  for (const rule of rulesOf(way))
    if (await isThere(host, rule)) await host.run(iptables(rule, '-D'), signal && { signal });
}

async function isThere(host: Computer, rule: FirewallRule): Promise<boolean> {
  return (await host.look(iptables(rule, '-C'))).code === 0;
}

function rulesOf({ bridge, subnet }: WayOut): readonly FirewallRule[] {
  const mark = ['-m', 'comment', '--comment', `rke2-lab ${bridge}`];
  const answers = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'];
  return [
    { table: 'nat', chain: 'POSTROUTING', words: ['-s', subnet, '!', '-d', subnet, ...mark, '-j', 'MASQUERADE'] },
    { table: 'filter', chain: 'FORWARD', words: ['-i', bridge, ...mark, '-j', 'ACCEPT'] },
    { table: 'filter', chain: 'FORWARD', words: ['-o', bridge, ...answers, ...mark, '-j', 'ACCEPT'] },
  ];
}

function iptables({ table, chain, words }: FirewallRule, verb: '-C' | '-I' | '-D'): readonly string[] {
  return ['iptables', '-w', '-t', table, verb, chain, ...words];
}
