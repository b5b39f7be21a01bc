import type { KubeObject } from '../lab.ts';
import type { Cluster } from './cluster.ts';
import { parsedYaml } from './parsed-yaml.ts';
import { after, type Start } from './rke2-start.ts';
import type { World } from './world.ts';

const POD_START_SECONDS = 25;
const RETRY_SECONDS = 3;
const CILIUM = { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'cilium' } as const;

/** Cilium's pod comes up on the node, and makes it Ready; as often as it takes. */
export function attachNetwork(start: Start, cluster: Cluster): void {
  const { world, config } = start;
  if (!cluster.store.get(CILIUM) || ciliumTrouble(world, cluster) !== undefined)
    return after(start, RETRY_SECONDS, () => attachNetwork(start, cluster));
  return after(start, POD_START_SECONDS, () => {
    const node = cluster.store.get({ apiVersion: 'v1', kind: 'Node', name: config.nodeName });
    if (!node) return;
    const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
    cluster.store.put({ ...node, status: { ...node['status'], conditions: [ready] } });
    countPods(cluster);
  });
}

/** The DaemonSet's status, as its controller counts it. */
export function countPods(cluster: Cluster): void {
  const cilium = cluster.store.get(CILIUM);
  if (!cilium) return;
  const nodes = cluster.store.list({ apiVersion: 'v1', kind: 'Node' });
  const ready = nodes.filter(isReady).length;
  const status = {
    observedGeneration: cilium.metadata.generation,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: nodes.length,
    updatedNumberScheduled: nodes.length,
    numberReady: ready,
    numberAvailable: ready,
  };
  cluster.store.put({ ...cilium, status });
}

function isReady(node: KubeObject): boolean {
  const conditions: readonly { type: string; status: string }[] = node['status']?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Why Cilium's pods do not come up: without kube-proxy nobody translates the API's service address, https://github.com/rancher/rke2/issues/4862 */
function ciliumTrouble({ rolloutsStuck }: World, cluster: Cluster): string | undefined {
  if (rolloutsStuck) return 'ImagePullBackOff';
  if (cluster.kubeProxy) return undefined;
  const values = ciliumValuesOf(cluster);
  if (values['kubeProxyReplacement'] !== true && values['kubeProxyReplacement'] !== 'true')
    return 'no kube-proxy, and nothing in its place';
  if (values['k8sServiceHost'] === undefined || values['k8sServicePort'] === undefined)
    return 'dial tcp 10.43.0.1:443: i/o timeout';
  return undefined;
}

/** Values of the HelmChartConfig rke2-cilium; none where there is none. */
export function ciliumValuesOf({ store }: Cluster): Readonly<Record<string, unknown>> {
  const config = store.get({
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    namespace: 'kube-system',
    name: 'rke2-cilium',
  });
  const values = parsedYaml(config?.['spec']?.valuesContent ?? '');
  return typeof values === 'object' && values !== null ? { ...values } : {};
}
