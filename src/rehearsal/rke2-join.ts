import { hasQuorum, type Cluster } from './cluster.ts';
import { nameTrouble, registerNode } from './node-object.ts';
import { serve } from './rke2-server.ts';
import { after, fail, holdData, isUp, nameEtcd, opens, type Start } from './rke2-start.ts';
import { log } from './units.ts';

const RETRY_SECONDS = 5;
/** Seconds from the first answer of the cluster. */
const JOIN = { learner: 8, voter: 25, node: 30, up: 38 };
const AGENT = { node: 13, up: 18 };
const ALONE = 'level=fatal msg="starting kubernetes: preparing server:';

/** A further server: etcd takes one learner at a time, https://github.com/k3s-io/k3s/issues/7510 */
export function joinCluster(start: Start): void {
  const { machine, config } = start;
  const cluster = clusterAt(start);
  if (!cluster)
    return fail(
      start,
      `${ALONE} failed to get CA certs: Get \\"${config.server}/cacerts\\": connect: connection refused"`,
    );
  if (!opens(cluster, config.token))
    return fail(start, `${ALONE} ${config.server}/v1-rke2/server-bootstrap: 401 Unauthorized"`);
  nameEtcd(start);
  return after(start, JOIN.learner, () => becomeLearner(start, cluster, machine.name));
}

function becomeLearner(start: Start, cluster: Cluster, name: string): void {
  const { world } = start;
  if (cluster.members.has(name))
    return fail(
      start,
      'level=fatal msg="etcd cluster join failed: duplicate node name found, please use a unique name for this node"',
    );
  if ([...cluster.members.values()].includes('learner'))
    return fail(start, 'level=fatal msg="etcd cluster join failed: etcdserver: too many learner members in cluster"');
  if (!hasQuorum(world, cluster))
    return fail(start, 'level=fatal msg="etcd cluster join failed: context deadline exceeded"');
  cluster.members.set(name, 'learner');
  holdData(start, cluster);
  return after(start, JOIN.voter - JOIN.learner, () => {
    serve(start, cluster);
    after(start, JOIN.node - JOIN.voter, () => registerNode(start, cluster));
    after(start, JOIN.up - JOIN.voter, () => isUp(start));
  });
}

/** An agent asks again and again; its unit stays `activating`. */
export function registerAgent(start: Start): void {
  const { machine } = start;
  const cluster = clusterAt(start);
  const trouble = agentTrouble(start, cluster);
  if (!cluster || trouble !== undefined) {
    log(machine, 'rke2-agent', trouble ?? '');
    return after(start, RETRY_SECONDS, () => registerAgent(start));
  }
  return after(start, AGENT.node, () => {
    start.process.cluster = cluster.id;
    registerNode(start, cluster);
    return after(start, AGENT.up - AGENT.node, () => isUp(start));
  });
}

function agentTrouble(start: Start, cluster: Cluster | undefined): string | undefined {
  const { config } = start;
  if (!cluster)
    return `level=error msg="failed to get CA certs: Get \\"${config.server}/cacerts\\": connect: connection refused"`;
  if (!opens(cluster, config.token))
    return 'level=info msg="Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-rke2/serving-kubelet.crt: 401 Unauthorized"';
  return nameTrouble(start, cluster);
}

/** The cluster that answers at `server:`; undefined = nobody does. */
function clusterAt({ world, config }: Start): Cluster | undefined {
  const address = /^https:\/\/([^:/]+):9345$/.exec(config.server ?? '')?.[1];
  if (address === undefined) throw new Error(`server: must be https://ADDRESS:9345, it is ${config.server}`);
  const machine = world.machines.values().find(({ node, running }) => running && node.address === address);
  if (!machine?.rke2?.serving || machine.rke2.cluster === undefined) return undefined;
  return world.clusters.get(machine.rke2.cluster);
}
