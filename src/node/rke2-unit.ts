import { LabError } from '../engine/errors.ts';
import type { Step } from '../engine/phase.ts';
import { nodeTrouble } from '../kube/readiness.ts';
import { journalHint } from './rke2-journal.ts';
import { clusterNodes, isReady, type Site } from './rke2-site.ts';
import { unitOf } from './rke2-state.ts';

/** Switches the unit on and starts it. It is not waited for: RKE2's start ends when the whole node works. */
export function startSteps({ machine, node, state }: Site): readonly Step[] {
  const unit = unitOf(node);
  const enable = {
    title: `enable ${unit} on ${node.name}`,
    run: (signal: AbortSignal) => machine.run(['systemctl', 'enable', unit], { signal }),
  };
  const start = {
    title: `start ${unit} on ${node.name}`,
    run: (signal: AbortSignal) => machine.run(['systemctl', 'start', '--no-block', unit], { signal }),
  };
  return [...(state.unit.enabled ? [] : [enable]), ...(isStopped(state.unit.active) ? [start] : [])];
}

function isStopped(active: string): boolean {
  return active === 'inactive' || active === 'failed' || active === 'unknown';
}

/** A process that is older than its program or configuration, one server at a time, while all others are Ready. */
export async function restartSteps(site: Site): Promise<readonly Step[]> {
  const { machine, node, state } = site;
  if (!state.outdated || state.unit.active !== 'active') return [];
  const nodes = await clusterNodes(site);
  const before = site.servers.slice(
    0,
    Math.max(
      0,
      site.servers.findIndex((server) => server.node === node),
    ),
  );
  const waitFor =
    before.find((server) => server.state.outdated) ??
    site.servers.find((server) => server.node !== node && !isReady(nodes, server.node.name));
  if (waitFor) return [{ title: `wait for ${waitFor.node.name}: servers restart one at a time` }];
  const unit = unitOf(node);
  return [
    {
      title: `restart ${unit} on ${node.name}`,
      run: (signal) => machine.run(['systemctl', 'restart', '--no-block', unit], { signal }),
    },
  ];
}

/** Waits for the node to be Ready; a unit that systemd has given up is an error at once. */
export async function readySteps(site: Site): Promise<readonly Step[]> {
  const { machine, node, state } = site;
  const unit = unitOf(node);
  if (state.unit.active === 'failed')
    throw new LabError(`${unit} failed on ${node.name}`, await journalHint(machine, unit));
  if (site.kubeconfig === undefined)
    return [{ title: `wait for the API of the cluster`, hint: await journalHint(machine, unit) }];
  const nodes = await clusterNodes(site);
  const trouble = nodeTrouble(nodes.find(({ metadata }) => metadata.name === node.name));
  if (state.unit.active === 'active' && !trouble) return [];
  const why = trouble ?? `${unit} is ${state.unit.active}`;
  return [{ title: `wait for node ${node.name} to be Ready (${why})`, hint: await journalHint(machine, unit) }];
}
