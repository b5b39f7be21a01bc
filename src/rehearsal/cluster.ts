import type { KubeObject } from '../lab.ts';
import { kubeStore, type KubeStore } from './kube-store.ts';
import type { World } from './world.ts';

/** What the deploy controllers of a cluster share: one Addon for all files of one name. */
export interface AppliedFile {
  readonly checksum: string;
  readonly objects: readonly KubeObject[];
}

/** A cluster: etcd's members and the API's objects. It exists as long as a machine holds its data. */
export interface Cluster {
  readonly id: string;
  /** The token that lets machines in. */
  readonly secret: string;
  /** Stands for its certificate authority. */
  readonly ca: string;
  readonly store: KubeStore;
  /** Machines in etcd; a learner has no vote yet. */
  readonly members: Map<string, 'learner' | 'voter'>;
  /** Node name → password of the machine that came first under that name. */
  readonly nodePasswords: Map<string, string>;
  readonly addons: Map<string, AppliedFile>;
  readonly kubeProxy: boolean;
  /** Chart name → checksum of what the last install Job used. */
  readonly installed: Map<string, string>;
}

interface NewCluster {
  readonly secret: string;
  readonly kubeProxy: boolean;
}

/** A cluster that its first server just made. */
export function newCluster(world: World, { secret, kubeProxy }: NewCluster): Cluster {
  const id = `cluster-${world.clusters.size + 1}`;
  const cluster: Cluster = {
    id,
    secret,
    ca: Buffer.from(`certificate authority of ${id}`).toString('base64'),
    store: kubeStore((object) => world.objectChanged(object)),
    members: new Map(),
    nodePasswords: new Map(),
    addons: new Map(),
    kubeProxy,
    installed: new Map(),
  };
  world.clusters.set(id, cluster);
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    cluster.store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
  return cluster;
}

/** True where more than half of etcd's voters run. */
export function hasQuorum(world: World, { id, members }: Cluster): boolean {
  const voters = [...members].filter(([, role]) => role === 'voter').map(([name]) => name);
  const running = voters.filter((name) => {
    const machine = world.machines.get(name);
    return machine?.running && machine.rke2?.alive && machine.rke2.cluster === id;
  });
  return running.length * 2 > voters.length;
}
