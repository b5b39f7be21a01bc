import { LabError } from '../engine/errors.ts';
import type { Aspect } from './aspect.ts';

const FIREWALLS = ['firewalld', 'ufw'];

/** NODE_NETMGR_CONFLICT: another firewall removes or overrules what Cilium sets. https://docs.rke2.io/known_issues */
export const firewall: Aspect<unknown> = async (machine) => {
  const { stdout } = await machine.look(['systemctl', 'is-active', ...FIREWALLS]);
  const words = stdout.trim().split('\n');
  const active = FIREWALLS.filter((_, index) => words[index] === 'active');
  if (active.length === 0) return [];
  throw new LabError(
    `${active.join(' and ')} runs on ${machine.name} and would overrule Cilium`,
    `on ${machine.name}: sudo systemctl disable --now ${active.join(' ')}`,
  );
};
