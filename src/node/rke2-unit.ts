import { LabError } from '../engine/errors.ts';
import type { Step } from '../engine/phase.ts';
import { nodeTrouble } from '../kube/readiness.ts';
import type { KubeObject } from '../lab.ts';
import { journalHint } from './rke2-journal.ts';
import { clusterNodes, works, type Site } from './rke2-site.ts';
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

/**
 * A process that is older than its program or configuration: one server at a time, while all others of the cluster
 * work, and agents after the servers. https://kubernetes.io/releases/version-skew-policy/
 */
export async function restartSteps(site: Site): Promise<readonly Step[]> {
  const { machine, node, state } = site;
  if (!state.outdated || state.unit.active !== 'active') return [];
  const nodes = await clusterNodes(site);
  const why = node.role === 'server' ? serverBefore(site, nodes) : serverBehind(site, nodes);
  if (why) return [why];
  const unit = unitOf(node);
  return [
    {
      title: `restart ${unit} on ${node.name}`,
      run: (signal) => machine.run(['systemctl', 'restart', '--no-block', unit], { signal }),
    },
  ];
}

function serverBefore({ servers, node }: Site, nodes: readonly KubeObject[]): Step | undefined {
  const before = servers.slice(
    0,
    servers.findIndex((server) => server.node === node),
  );
  // Those that have not joined yet wait for this one.
  const members = servers.filter((server) => server.node !== node && server.state.holdsCluster);
  const waitFor = before.find(({ state }) => state.outdated) ?? members.find((member) => !works(member, nodes));
  if (!waitFor) return undefined;
  const { name } = waitFor.node;
  return { title: `wait for ${name}: servers restart one at a time`, waitsFor: name };
}

function serverBehind({ state }: Site, nodes: readonly KubeObject[]): Step | undefined {
  const behind = nodes.find(
    ({ metadata, status }) =>
      metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined &&
      status?.nodeInfo?.kubeletVersion !== state.version,
  );
  if (!behind) return undefined;
  const { name } = behind.metadata;
  return { title: `wait for ${name}: servers are upgraded before agents`, waitsFor: name };
}

/** Waits for the node to be Ready; a unit that systemd has given up is an error at once. */
export async function readySteps(site: Site): Promise<readonly Step[]> {
  const { machine, node, state } = site;
  const unit = unitOf(node);
  if (state.unit.active === 'failed')
    throw new LabError(`${unit} failed on ${node.name}`, await journalHint(machine, unit));
  if (site.kubeconfig === undefined)
    return [{ title: 'wait for the API of the cluster', hint: await journalHint(machine, unit) }];
  const nodes = await clusterNodes(site);
  const trouble = nodeTrouble(nodes.find(({ metadata }) => metadata.name === node.name));
  if (state.unit.active === 'active' && !trouble) return [];
  const why = trouble ?? `${unit} is ${state.unit.active}`;
  return [{ title: `wait for node ${node.name} to be Ready (${why})`, hint: await journalHint(machine, unit) }];
}
