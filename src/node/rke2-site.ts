import type { Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { nodeTrouble } from '../kube/readiness.ts';
import type { KubeObject, Lab, Machine } from '../lab.ts';
import { rke2State, type Rke2State } from './rke2-state.ts';

/** What installing RKE2 on one node must know of the others. */
export interface Site {
  readonly lab: Lab;
  readonly node: Node;
  readonly machine: Machine;
  readonly state: Rke2State;
  /** The lab's own secret for joining. */
  readonly token: string;
  /** The lab's kubeconfig on this computer; undefined = not fetched yet. */
  readonly kubeconfig?: string;
  /** In the order of joining; for an agent none, it asks the API instead. */
  readonly servers: readonly { readonly node: Node; readonly state: Rke2State }[];
}

/** Path of the lab's kubeconfig on this computer. */
export function kubeconfigFile(lab: Pick<Lab, 'directory'>): string {
  return `${lab.directory}/kubeconfig`;
}

export async function siteOf(lab: Lab, node: Node, nodes: readonly Node[]): Promise<Site> {
  const machine = lab.machine(node.name);
  const servers = node.role === 'server' ? nodes.filter(({ role }) => role === 'server') : [];
  const others = servers.filter((server) => server !== node);
  const [token, kubeconfig, own, states] = await Promise.all([
    lab.host.readFile(`${lab.directory}/token`),
    lab.host.readFile(kubeconfigFile(lab)),
    rke2State(machine, node),
    Promise.all(others.map((server) => rke2State(lab.machine(server.name), server))),
  ]);
  const stateOf = new Map(others.map((server, index) => [server, states[index]]));
  if (!token) throw new LabError(`${lab.directory}/token is not there`, 'npm run lab:up makes it');
  return {
    lab,
    node,
    machine,
    state: own,
    token: token.content,
    ...(kubeconfig ? { kubeconfig: kubeconfig.content } : {}),
    servers: servers.map((server) => ({ node: server, state: stateOf.get(server) ?? own })),
  };
}

/** The cluster's nodes; none where there is no cluster that we could ask. */
export async function clusterNodes({ lab, kubeconfig }: Site): Promise<readonly KubeObject[]> {
  return kubeconfig === undefined ? [] : lab.kube.list({ apiVersion: 'v1', kind: 'Node' });
}

/** True where the cluster knows the node and calls it Ready. */
export function isReady(nodes: readonly KubeObject[], name: string): boolean {
  const node = nodes.find(({ metadata }) => metadata.name === name);
  return node !== undefined && nodeTrouble(node) === undefined;
}

/** True where RKE2 is up and its node Ready; the cluster alone calls a node Ready for a while after its RKE2 stopped. */
export function works({ node, state }: Site['servers'][number], nodes: readonly KubeObject[]): boolean {
  return state.unit.active === 'active' && isReady(nodes, node.name);
}
