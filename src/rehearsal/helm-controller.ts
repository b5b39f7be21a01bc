import { createHash } from 'node:crypto';
import type { KubeObject } from '../lab.ts';
import { hasQuorum, type Cluster } from './cluster.ts';
import { ciliumValuesOf, countPods } from './network.ts';
import type { World } from './world.ts';

const HELM = 'helm.cattle.io/v1';
const JOB_SECONDS = 15;

/** The helm-controller of a cluster: it installs or upgrades a chart with a Job whenever HelmChart or HelmChartConfig change. */
export function runHelmController(world: World, cluster: Cluster): void {
  const onChange = () => world.clock.at(world.clock.now() + 1, () => installCharts(world, cluster));
  world.watches.add({ scope: { apiVersion: HELM, kind: 'HelmChart' }, onChange });
  world.watches.add({ scope: { apiVersion: HELM, kind: 'HelmChartConfig' }, onChange });
}

function installCharts(world: World, cluster: Cluster): void {
  for (const chart of cluster.store.list({ apiVersion: HELM, kind: 'HelmChart' })) {
    const hash = hashOf(cluster, chart);
    if (cluster.installed.get(chart.metadata.name) === hash) continue;
    cluster.installed.set(chart.metadata.name, hash);
    startJob({ world, cluster, chart, hash });
  }
}

interface Installation {
  readonly world: World;
  readonly cluster: Cluster;
  readonly chart: KubeObject;
  readonly hash: string;
}

function startJob({ world, cluster, chart, hash }: Installation): void {
  const job = jobOf(chart, hash);
  cluster.store.remove({ apiVersion: 'batch/v1', kind: 'Job', namespace: 'kube-system', name: job.metadata.name });
  cluster.store.put({ ...job, status: { active: 1 } });
  const finish = (): void => {
    // A later change has replaced this Job.
    if (cluster.installed.get(chart.metadata.name) !== hash) return;
    const trouble = hasQuorum(world, cluster) ? chartTrouble(cluster) : 'the API does not answer';
    if (trouble !== undefined) return world.clock.at(world.clock.now() + JOB_SECONDS, finish);
    cluster.store.put({ ...job, status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] } });
    if (chart.metadata.name === 'rke2-cilium') rollOut(cluster, hash);
    return undefined;
  };
  world.clock.at(world.clock.now() + JOB_SECONDS, finish);
}

function jobOf(chart: KubeObject, hash: string): KubeObject {
  const annotations = { 'helmcharts.helm.cattle.io/configHash': `SHA256=${hash}` };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `helm-install-${chart.metadata.name}`,
      namespace: 'kube-system',
      labels: { 'helmcharts.helm.cattle.io/chart': chart.metadata.name },
    },
    spec: { template: { metadata: { annotations } } },
  };
}

/** Helm accepts the manifests; nothing is rolled out yet. */
function rollOut(cluster: Cluster, hash: string): void {
  const metadata = {
    name: 'cilium',
    namespace: 'kube-system',
    annotations: { 'meta.helm.sh/release-name': 'rke2-cilium' },
  };
  const spec = { template: { metadata: { annotations: { 'cilium.io/cilium-configmap-checksum': hash } } } };
  const old = cluster.store.get({ apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' });
  cluster.store.put({
    ...old,
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...old?.metadata, ...metadata },
    spec,
  });
  cluster.store.put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, name: 'cilium-operator' },
    spec: {},
    status: { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  });
  countPods(cluster);
}

/** Why Helm refuses the chart with the values that it is given. */
function chartTrouble(cluster: Cluster): string | undefined {
  const authentication = mapAt(ciliumValuesOf(cluster), 'authentication');
  const spire = mapAt(mapAt(authentication, 'mutual'), 'spire');
  if (spire['enabled'] !== true) return undefined;
  if (authentication['enabled'] !== true) return 'authentication.enabled must be true when SPIRE is';
  const install = mapAt(spire, 'install');
  const name = typeof install['namespace'] === 'string' ? install['namespace'] : 'cilium-spire';
  const exists = cluster.store.get({ apiVersion: 'v1', kind: 'Namespace', name }) !== undefined;
  return install['existingNamespace'] === true && !exists ? `namespaces "${name}" not found` : undefined;
}

function mapAt(values: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = values[key];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function hashOf(cluster: Cluster, chart: KubeObject): string {
  const { name, namespace } = chart.metadata;
  const config =
    namespace === undefined
      ? undefined
      : cluster.store.get({ apiVersion: HELM, kind: 'HelmChartConfig', namespace, name });
  return createHash('sha256')
    .update(JSON.stringify([chart['spec'], config?.['spec']]))
    .digest('hex')
    .toUpperCase();
}
