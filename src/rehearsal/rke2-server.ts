import { newCluster, type Cluster } from './cluster.ts';
import { watchManifests } from './deploy-controller.ts';
import { runHelmController } from './helm-controller.ts';
import { registerNode } from './node-object.ts';
import { after, dataOf, fail, holdData, isUp, nameEtcd, opens, writeServerFiles, type Start } from './rke2-start.ts';

/** Seconds from the start of a server, in the life of a cluster that is made. */
const FIRST = { serving: 38, node: 48, up: 58 };
/** The same for one whose data is there. */
const AGAIN = { serving: 15, node: 18, up: 23 };

/** The first server of a cluster: it has neither data nor anybody to join. */
export function firstServer(start: Start): void {
  const { world, config } = start;
  nameEtcd(start);
  after(start, FIRST.serving, () => {
    const cluster = newCluster(world, { secret: config.token ?? world.newSecret(), kubeProxy: config.kubeProxy });
    runHelmController(world, cluster);
    serve(start, cluster);
    after(start, FIRST.node - FIRST.serving, () => registerNode(start, cluster));
    after(start, FIRST.up - FIRST.serving, () => isUp(start));
  });
}

/** A server that has etcd's data: `server:` in its configuration is ignored, the token is compared with the one that made the data. */
export function restartServer(start: Start): void {
  const { world, machine, config } = start;
  const cluster = world.clusters.get(dataOf(machine) ?? '');
  if (!cluster) throw new Error(`${machine.name} holds the data of a cluster that the rehearsal does not know`);
  if (config.token !== undefined && !opens(cluster, config.token))
    return fail(
      start,
      'level=fatal msg="starting kubernetes: preparing server: bootstrap data already found and encrypted with different token"',
    );
  after(start, AGAIN.serving, () => {
    serve(start, cluster);
    after(start, AGAIN.node - AGAIN.serving, () => registerNode(start, cluster));
    after(start, AGAIN.up - AGAIN.serving, () => isUp(start));
  });
}

/** From now on the API of this server answers and its controllers run. */
export function serve(start: Start, cluster: Cluster): void {
  const { world, machine, process, config } = start;
  holdData(start, cluster);
  writeServerFiles(start, cluster);
  cluster.members.set(machine.name, 'voter');
  process.serving = true;
  writeBundledCharts(start);
  watchManifests({ world, machine, process, cluster, disabled: config.disabled });
  world.apiChanged();
}

/** RKE2 writes the files of its own charts at every start: https://github.com/rancher/rke2/blob/master/pkg/bootstrap/bootstrap.go */
function writeBundledCharts({ world, machine, config }: Start): void {
  const version = world.config.cilium.chart;
  if (config.cni !== 'cilium') throw new Error(`the rehearsal has no chart for cni: ${config.cni}`);
  const content = [
    ...[
      'apiVersion: helm.cattle.io/v1',
      'kind: HelmChart',
      'metadata:',
      '  name: rke2-cilium',
      '  namespace: kube-system',
    ],
    ...['spec:', '  bootstrap: true', `  version: ${version}`, '  failurePolicy: retry', ''],
  ].join('\n');
  machine.files.write('/var/lib/rancher/rke2/server/manifests/rke2-cilium.yaml', { content, mode: 0o600 });
}
