import { stringify } from 'yaml';
import { ciliumValues, SPIRE_NAMESPACE, type CiliumWanted } from './cilium-values.ts';

const MANIFESTS = '/var/lib/rancher/rke2/server/manifests';

/** The chart's HelmChartConfig as RKE2's deploy controller reads it, and migrate-spire takes it away. */
const CILIUM_CONFIG_FILE = `${MANIFESTS}/rke2-cilium-config.yaml`;
const SPIRE_NAMESPACE_FILE = `${MANIFESTS}/cilium-spire-namespace.yaml`;

/** A file for the manifests folder of every server. */
export interface Manifest {
  readonly path: string;
  readonly content: string;
}

/** What must lie on every server before RKE2 starts there for the first time. */
export function ciliumManifests(wanted: CiliumWanted): readonly Manifest[] {
  const config = { path: CILIUM_CONFIG_FILE, content: written(helmChartConfig(wanted)) };
  if (!wanted.features.cilium.mutualAuth.enabled) return [config];
  return [{ path: SPIRE_NAMESPACE_FILE, content: written(spireNamespace()) }, config];
}

function helmChartConfig(wanted: CiliumWanted) {
  return {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    metadata: { name: 'rke2-cilium', namespace: 'kube-system' },
    spec: {
      // The default of the CRD is reinstall, and that takes the network of the whole cluster away when an upgrade
      // fails: https://github.com/k3s-io/helm-controller/issues/246
      failurePolicy: wanted.features.cilium.failurePolicy,
      valuesContent: stringify(ciliumValues(wanted), { lineWidth: 0 }),
    },
  };
}

/** SPIRE needs host paths and namespaces, which the default of profile cis forbids; Helm may adopt the namespace. */
function spireNamespace() {
  const privileged = { enforce: 'privileged', audit: 'privileged', warn: 'privileged' };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: SPIRE_NAMESPACE,
      labels: {
        'app.kubernetes.io/managed-by': 'Helm',
        ...Object.fromEntries(
          Object.entries(privileged).map(([mode, level]) => [`pod-security.kubernetes.io/${mode}`, level]),
        ),
      },
      annotations: { 'meta.helm.sh/release-name': 'rke2-cilium', 'meta.helm.sh/release-namespace': 'kube-system' },
    },
  };
}

function written(object: unknown): string {
  return `# Written by rke2-lab from config.yaml; the same on every server.\n${stringify(object, { lineWidth: 0 })}`;
}
