import { LabError } from '../engine/errors.ts';
import type { Kube } from '../lab.ts';
import { hasQuorum, type Cluster } from './cluster.ts';
import { checkScope, scopeOf } from './kube-store.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

const ANSWER_SECONDS = 0.02;

/** The API through the lab's kubeconfig. Watches go on while it is away, and tell when it is back. */
export function rehearsedKube(session: Session): Kube {
  const { world } = session;
  const open = async () => {
    session.killed.throwIfAborted();
    await session.wait(ANSWER_SECONDS);
    return clusterBehindKubeconfig(world);
  };
  return {
    get: async (scope) => {
      checkScope(scope);
      return (await open()).store.get(scope);
    },
    list: async (scope) => {
      checkScope(scope);
      return (await open()).store.list(scope);
    },
    watch: (scope, onChange) => {
      checkScope(scope);
      const watch = { scope, onChange };
      world.watches.add(watch);
      return () => world.watches.delete(watch);
    },
    remove: (object) =>
      session.write({ where: 'kube', what: `kube:${object.kind}` }, async () => {
        const cluster = await open();
        const scope = scopeOf(object);
        checkScope(scope);
        if (object.metadata.uid === undefined)
          throw new Error(`${object.kind} ${object.metadata.name} was not read from the API: it has no uid`);
        if (cluster.store.get(scope)?.metadata.uid !== object.metadata.uid) return;
        cluster.store.remove(scope);
        if (object.kind === 'Node') forgetNode(cluster, object.metadata.name);
      }),
  };
}

/** With its Node, RKE2 drops a node's password and takes it out of etcd. */
function forgetNode(cluster: Cluster, name: string): void {
  cluster.nodePasswords.delete(name);
  cluster.members.delete(name);
}

function clusterBehindKubeconfig(world: World): Cluster {
  const path = `${world.directory}/kubeconfig`;
  const content = world.host.files.read(path)?.content;
  if (content === undefined) throw new LabError(`there is no kubeconfig yet: ${path}`, 'npm run lab:up');
  const { server, ca } = entryOf(path, content);
  const address = /^https:\/\/([^:/]+):6443$/.exec(server)?.[1];
  const machine = world.machines.values().find(({ node, running }) => running && node.address === address);
  const id = machine?.rke2?.serving ? machine.rke2.cluster : undefined;
  const cluster = id === undefined ? undefined : world.clusters.get(id);
  if (!cluster || !hasQuorum(world, cluster))
    throw new LabError(`the API at ${server} does not answer`, 'npm run lab:status', { transient: true });
  if (cluster.ca !== ca)
    throw new LabError(
      `the API at ${server} is another cluster's: certificate signed by unknown authority`,
      `remove ${path}, then npm run lab:up`,
    );
  return cluster;
}

/** Address and certificate authority of the only cluster in a kubeconfig, which RKE2 wrote in just this form. */
function entryOf(path: string, kubeconfig: string): { readonly server: string; readonly ca: string } {
  const server = /^\s+server: (\S+)$/m.exec(kubeconfig)?.[1];
  const ca = /^\s+certificate-authority-data: (\S+)$/m.exec(kubeconfig)?.[1];
  if (server === undefined || ca === undefined)
    throw new LabError(`${path} is not a usable kubeconfig: it names no cluster`, `rm ${path}, then npm run lab:up`);
  return { server, ca };
}
