import type { Node } from '../config/schema.ts';
import type { Step } from '../engine/phase.ts';
import { refuseForeign } from './rke2-refusals.ts';
import { clusterNodes, isReady, works, type Site } from './rke2-site.ts';

/** How a node that is in no cluster yet gets into one. */
export type Entrance =
  /** It makes the cluster. */
  | { readonly how: 'found' }
  | { readonly how: 'join'; readonly address: string }
  | { readonly how: 'wait'; readonly step: Step };

/**
 * Only the first server makes a cluster, and only where no other server holds one: a first server that was lost
 * and made anew joins what is left. Whether another holds one must have been seen; not being able to look is an error,
 * and so is one that holds somebody else's cluster: it must be neither joined nor passed by.
 */
export function serverEntrance({ lab, token, node, servers }: Site): Entrance {
  const holder = servers.find((server) => server.node !== node && server.state.holdsCluster);
  if (holder) {
    refuseForeign(holder.node, holder.state, { lab: lab.name, token });
    return { how: 'join', address: holder.node.address };
  }
  const first = servers[0]?.node;
  if (first === node) return { how: 'found' };
  if (!first) throw new Error(`${node.name} is a server, but not among the servers`);
  return { how: 'wait', step: { title: `wait for ${first.name} to make the cluster`, waitsFor: first.name } };
}

/** An agent joins at any server that is Ready. */
export async function agentEntrance(site: Site, all: readonly Node[]): Promise<Entrance> {
  const nodes = await clusterNodes(site);
  const ready = all.find(({ role, name }) => role === 'server' && isReady(nodes, name));
  if (ready) return { how: 'join', address: ready.address };
  const first = all.find(({ role }) => role === 'server');
  const title = `wait for a server that ${site.node.name} can join`;
  return { how: 'wait', step: { title, ...(first ? { waitsFor: first.name } : {}) } };
}

/**
 * Servers join one at a time, in order: etcd takes one learner, and refuses the next while that is not promoted.
 * https://github.com/k3s-io/k3s/issues/7000
 */
export async function turnSteps(site: Site): Promise<readonly Step[]> {
  const earlier = site.servers.slice(
    0,
    site.servers.findIndex(({ node }) => node === site.node),
  );
  const joining = site.servers.filter(({ node, state }) => node !== site.node && state.unit.active === 'activating');
  const nodes = await clusterNodes(site);
  const waitFor = [...earlier, ...joining].find((server) => server.state.outdated || !works(server, nodes));
  if (!waitFor) return [];
  const { name } = waitFor.node;
  return [{ title: `wait for ${name}: servers join one at a time`, waitsFor: name }];
}

/**
 * A machine made anew is refused under its old name until the node of its predecessor (and its etcd member) is gone.
 * One that is still Ready is not removed: it may be a live machine of the same name.
 */
export async function predecessorSteps(site: Site): Promise<readonly Step[]> {
  const { name } = site.node;
  const nodes = await clusterNodes(site);
  const predecessor = nodes.find(({ metadata }) => metadata.name === name);
  if (!predecessor) return [];
  if (isReady(nodes, name))
    return [
      {
        title: `wait for the cluster to notice that its node ${name} is lost`,
        hint: `kubectl get node ${name} -o wide shows which machine has this name; another live one must get another name in config.yaml`,
      },
    ];
  return [
    {
      title: `remove the lost node ${name} from the cluster`,
      run: () => site.lab.kube.remove(predecessor),
    },
  ];
}
