import type { MachineState } from './machine-state.ts';
import { parsedYaml } from './parsed-yaml.ts';

const CONFIG_FILE = '/etc/rancher/rke2/config.yaml';
/** Keys of RKE2's configuration: https://docs.rke2.io/reference/server_config. RKE2 skips others with a line in the journal; here they are a bug. */
const AGENT_KEYS = [
  ...[
    'server',
    'token',
    'node-name',
    'node-ip',
    'node-external-ip',
    'node-label',
    'node-taint',
    'kubelet-arg',
    'kube-proxy-arg',
  ],
  ...[
    'selinux',
    'private-registry',
    'system-default-registry',
    'profile',
    'protect-kernel-defaults',
    'lb-server-port',
    'debug',
  ],
];
const SERVER_KEYS = [
  ...AGENT_KEYS,
  ...[
    'agent-token',
    'tls-san',
    'cni',
    'disable-kube-proxy',
    'cluster-cidr',
    'service-cidr',
    'cluster-dns',
    'cluster-domain',
  ],
  ...[
    'write-kubeconfig-mode',
    'write-kubeconfig-group',
    'advertise-address',
    'bind-address',
    'etcd-expose-metrics',
    'etcd-snapshot-schedule-cron',
  ],
  ...[
    'etcd-snapshot-retention',
    'kube-apiserver-arg',
    'kube-controller-manager-arg',
    'kube-scheduler-arg',
    'etcd-arg',
    'embedded-registry',
  ],
  ...[
    'disable',
    'ingress-controller',
    'enable-servicelb',
    'helm-controller-arg',
    'disable-cloud-controller',
    'secrets-encryption',
  ],
];

/** What the rehearsed RKE2 makes of its configuration. */
export interface Rke2Config {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly nodeName: string;
  readonly nodeIp: string | undefined;
  readonly cni: string;
  readonly kubeProxy: boolean;
  readonly disabled: readonly string[];
  readonly profile: string | undefined;
}

/** The configuration of a machine's RKE2 as it is on disk now. */
export function rke2ConfigOf(machine: MachineState, kind: 'server' | 'agent'): Rke2Config {
  const settings = settingsOf(machine);
  const known = kind === 'server' ? SERVER_KEYS : AGENT_KEYS;
  const unknown = Object.keys(settings).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new Error(`${CONFIG_FILE} on ${machine.name}: rke2 ${kind} has no key ${unknown.join(', ')}`);
  const disabled = settings['disable'];
  return {
    server: word(settings['server']),
    token: word(settings['token']),
    nodeName: word(settings['node-name']) ?? machine.name,
    nodeIp: word(settings['node-ip']),
    cni: word(settings['cni']) ?? 'canal',
    kubeProxy: settings['disable-kube-proxy'] !== true,
    disabled: Array.isArray(disabled) ? disabled.map(String) : [],
    profile: word(settings['profile']),
  };
}

function settingsOf({ files }: MachineState): Readonly<Record<string, unknown>> {
  const settings = parsedYaml(files.read(CONFIG_FILE)?.content ?? '');
  return typeof settings === 'object' && settings !== null ? { ...settings } : {};
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
