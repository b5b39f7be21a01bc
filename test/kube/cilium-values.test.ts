import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { ciliumManifests } from '../../src/kube/cilium-manifests.ts';
import { ciliumValues, type CiliumWanted } from '../../src/kube/cilium-values.ts';

function wanted(yaml = '', chart = '1.19.601'): CiliumWanted {
  const config = parseConfig(`rke2: { ciliumChart: ${chart} }\n${yaml}`, 'config.yaml');
  const servers = config.nodes.filter(({ role }) => role === 'server').length;
  return { version: config.cilium, features: config.features, clusterCidr: config.rke2.clusterCidr, servers };
}

test('Cilium replaces kube-proxy and routes natively, through the API of the node itself', () => {
  expect(ciliumValues(wanted())).toMatchObject({
    kubeProxyReplacement: true,
    k8sServiceHost: '127.0.0.1',
    k8sServicePort: 6443,
    routingMode: 'native',
    ipv4NativeRoutingCIDR: '10.42.0.0/16',
    l7Proxy: true,
    hostFirewall: { enabled: true },
    devices: ['eth0', 'eth1'],
  });
});

test('SPIRE starts without a volume, with both switches on, whatever config.yaml wants later', () => {
  expect(ciliumValues(wanted())).toMatchObject({
    authentication: {
      enabled: true,
      mutual: { port: 4250, spire: { enabled: true, install: { server: { dataStorage: { enabled: false } } } } },
    },
  });
});

test('without mutual authentication there is no SPIRE and no namespace for it', () => {
  const off = wanted('features: { cilium: { mutualAuth: { enabled: false } } }');
  expect(ciliumValues(off)).not.toHaveProperty('authentication');
  expect(ciliumManifests(off).map(({ path }) => path)).toEqual([
    '/var/lib/rancher/rke2/server/manifests/rke2-cilium-config.yaml',
  ]);
});

test('strict encryption moves to another key with 1.20, where the old one is ignored in silence', () => {
  const strict = 'features: { cilium: { encryption: { strictMode: { enabled: true } } } }';
  expect(ciliumValues(wanted(strict, '1.19.601'))).toHaveProperty('encryption.strictMode.enabled', true);
  expect(ciliumValues(wanted(strict, '1.20.200'))).toHaveProperty('encryption.strictMode.egress.enabled', true);
});

test('addresses are announced by Cilium only when it is the provider', () => {
  const metallb = wanted('features: { loadBalancer: { provider: metallb } }');
  expect(ciliumValues(wanted())).toHaveProperty('l2announcements.enabled', true);
  expect(ciliumValues(metallb)).toHaveProperty('l2announcements.enabled', false);
});

test('BPF system call metrics are exported only when asked for', () => {
  const on = wanted('features: { cilium: { monitoring: { bpfSyscalls: true } } }');
  expect(ciliumValues(wanted())).not.toHaveProperty('prometheus.metrics');
  expect(ciliumValues(on)).toHaveProperty('prometheus.metrics', ['+cilium_bpf_syscall_duration_seconds']);
});

test('the operator has one replica on a single server, which is all that fits', () => {
  expect(ciliumValues(wanted())).toHaveProperty('operator.replicas', 1);
  expect(ciliumValues(wanted('machines: { size: staging }'))).toHaveProperty('operator.replicas', 2);
});

test('monitors and dashboards are off until Argo CD brings them', () => {
  const values = JSON.stringify(ciliumValues(wanted()));
  expect(values).not.toMatch(/"serviceMonitor":\{"enabled":true|"dashboards":\{"enabled":true/);
});

test('own values have the last word, merged as Helm merges', () => {
  const own = wanted('features: { cilium: { values: { hubble: { ui: { enabled: false } }, MTU: 1400 } } }');
  expect(ciliumValues(own)).toMatchObject({ MTU: 1400, hubble: { ui: { enabled: false }, relay: { enabled: true } } });
});

describe('the HelmChartConfig', () => {
  const [namespace, config] = ciliumManifests(wanted());

  test('never leaves the failure policy to its default, which uninstalls Cilium', () => {
    expect(parse(config!.content).spec.failurePolicy).toBe('abort');
  });

  test('carries the values as a text that reads back to them', () => {
    expect(parse(parse(config!.content).spec.valuesContent)).toEqual(ciliumValues(wanted()));
  });

  test('lets Helm adopt the namespace of SPIRE, which may run privileged pods', () => {
    expect(parse(namespace!.content).metadata).toMatchObject({
      name: 'cilium-spire',
      labels: { 'app.kubernetes.io/managed-by': 'Helm', 'pod-security.kubernetes.io/enforce': 'privileged' },
      annotations: { 'meta.helm.sh/release-name': 'rke2-cilium', 'meta.helm.sh/release-namespace': 'kube-system' },
    });
  });
});
