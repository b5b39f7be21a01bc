import type { CiliumVersion, Settings } from '../config/schema.ts';

type Values = Readonly<Record<string, unknown>>;
type Features = Settings['features'];

export interface CiliumWanted {
  readonly version: CiliumVersion;
  readonly features: Features;
  readonly clusterCidr: string;
  /** Servers of the lab: the operator cannot have more replicas than nodes that it may run on. */
  readonly servers: number;
}

/**
 * Values of the rke2-cilium chart at bootstrap: before there is storage, Argo CD or Prometheus.
 * Every key exists in the chart of the Cilium minors 1.18 to 1.20; where they differ, `version` decides.
 * https://github.com/rancher/rke2-charts/tree/main-source/packages/rke2-cilium
 */
export function ciliumValues(wanted: CiliumWanted): Values {
  return merge(
    {
      ...datapath(wanted),
      ...loadBalancing(wanted.features),
      ...observability(wanted.features),
      ...operator(wanted.servers),
      ...(wanted.features.cilium.mutualAuth.enabled ? mutualAuthentication(wanted.features) : {}),
      ...(wanted.features.cilium.encryption.enabled ? encryption(wanted) : {}),
    },
    wanted.features.cilium.values,
  );
}

function datapath({ features, clusterCidr }: CiliumWanted): Values {
  return {
    kubeProxyReplacement: true,
    // On servers the API itself, on agents RKE2's own load balancer to it: https://docs.rke2.io/networking/basic_network_options
    k8sServiceHost: '127.0.0.1',
    k8sServicePort: 6443,
    routingMode: 'native',
    autoDirectNodeRoutes: true,
    ipv4NativeRoutingCIDR: clusterCidr,
    devices: features.cilium.devices,
    bpf: { masquerade: true },
    ipam: { mode: 'kubernetes' },
    identityAllocationMode: 'crd',
    cni: { chainingMode: 'none', exclusive: true },
    l7Proxy: true,
    hostFirewall: { enabled: features.cilium.hostFirewall.enabled },
    policyEnforcementMode: 'default',
    // A change of cilium-config alone restarts nothing: https://github.com/cilium/cilium/issues/24772
    rollOutCiliumPods: true,
  };
}

function loadBalancing({ cilium, loadBalancer }: Features): Values {
  const announces = loadBalancer.enabled && loadBalancer.provider === 'cilium';
  const { mode, algorithm, acceleration } = cilium.loadBalancer;
  return {
    // Geneve carries only what DSR sends on to another node; the routing stays native.
    ...(mode === 'snat' ? {} : { tunnelProtocol: 'geneve' }),
    loadBalancer: { mode, algorithm, acceleration, ...(mode === 'snat' ? {} : { dsrDispatch: 'geneve' }) },
    l2announcements: { enabled: announces, leaseDuration: '15s', leaseRenewDeadline: '5s', leaseRetryPeriod: '2s' },
    // One lease a service is renewed by its node; the client's default of 10 queries a second starves the rest.
    ...(announces ? { k8sClientRateLimit: { qps: 50, burst: 100 } } : {}),
  };
}

function observability({ cilium }: Features): Values {
  const syscalls = cilium.monitoring.bpfSyscalls ? { metrics: ['+cilium_bpf_syscall_duration_seconds'] } : {};
  const later = { serviceMonitor: { enabled: false } };
  return {
    // Monitors and dashboards come by Argo CD, once Prometheus is there.
    prometheus: { enabled: true, ...later, ...syscalls },
    dashboards: { enabled: false },
    hubble: {
      enabled: true,
      metrics: {
        enabled: ['dns:query;ignoreAAAA', 'drop', 'tcp', 'flow', 'icmp', 'http'],
        enableOpenMetrics: true,
        ...later,
        dashboards: { enabled: false },
      },
      relay: { enabled: true, rollOutPods: true, prometheus: { enabled: true, ...later } },
      ui: { enabled: true, rollOutPods: true },
    },
  };
}

function operator(servers: number): Values {
  return {
    operator: {
      // A second replica of a host-network pod stays Pending on a single node: https://github.com/rancher/rancher/issues/53105
      replicas: servers > 1 ? 2 : 1,
      rollOutPods: true,
      prometheus: { enabled: true, serviceMonitor: { enabled: false } },
      dashboards: { enabled: false },
    },
  };
}

function mutualAuthentication({ cilium }: Features): Values {
  // The image runs as uid 1000 from SPIRE 1.10 on, the chart's hostPath is root's: https://github.com/cilium/cilium/issues/40533
  const asRoot = { podSecurityContext: { runAsUser: 0, runAsGroup: 0 } };
  return {
    authentication: {
      // Both switches, or the chart refuses to render.
      enabled: true,
      mutual: {
        port: cilium.mutualAuth.port,
        spire: {
          enabled: true,
          install: {
            enabled: true,
            namespace: SPIRE_NAMESPACE,
            existingNamespace: true,
            // No storage exists yet; migrate-spire moves the data to a volume.
            server: { ...asRoot, dataStorage: { enabled: false } },
            agent: asRoot,
          },
        },
      },
    },
  };
}

/** Where the chart installs SPIRE. */
export const SPIRE_NAMESPACE = 'cilium-spire';

function encryption({ features, clusterCidr, version }: CiliumWanted): Values {
  const { type, nodeEncryption, strictMode } = features.cilium.encryption;
  const strict = { enabled: true, cidr: clusterCidr, allowRemoteNodeIdentities: true };
  return {
    encryption: {
      enabled: true,
      type,
      nodeEncryption,
      // Moved in 1.20; the chart ignores the old keys in silence.
      ...(strictMode.enabled ? { strictMode: version.minor >= 20 ? { egress: strict } : strict } : {}),
    },
  };
}

/** Maps are merged, all else is replaced: as Helm does it. */
function merge(under: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
