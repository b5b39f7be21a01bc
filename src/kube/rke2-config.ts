import { parse, stringify } from 'yaml';
import type { Config, Node } from '../config/schema.ts';

/** RKE2's own configuration on every machine. It holds the token: mode 0600. */
export const RKE2_CONFIG_FILE = '/etc/rancher/rke2/config.yaml';
const REGISTRATION_PORT = 9345;

/** What RKE2 must be told, the same for all machines of a lab. */
export interface Rke2Wanted {
  readonly lab: string;
  readonly nodes: readonly Node[];
  readonly domain: string;
  readonly profile: Config['rke2']['profile'];
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly tlsSan: readonly string[];
}

/** The lab of config.yaml as RKE2 must know it. */
export function rke2Wanted(config: Config): Rke2Wanted {
  const { kubernetesApi } = config.features.loadBalancer.staticIPs;
  return {
    lab: config.lab.name,
    nodes: config.nodes,
    domain: config.lab.domain,
    profile: config.rke2.profile,
    clusterCidr: config.rke2.clusterCidr,
    serviceCidr: config.rke2.serviceCidr,
    tlsSan: [...config.rke2.tlsSan, ...(kubernetesApi ? [kubernetesApi] : [])],
  };
}

export interface Joining {
  readonly token: string;
  /** The server to join; undefined for the one that makes the cluster. */
  readonly join?: string;
}

/** The text of config.yaml for one machine. https://docs.rke2.io/reference/server_config */
export function rke2Config(wanted: Rke2Wanted, node: Node, { token, join }: Joining): string {
  const settings = {
    ...(join ? { server: `https://${join}:${REGISTRATION_PORT}` } : {}),
    token,
    'node-name': node.name,
    // Without it RKE2 takes the address of the default route, which is the management network's.
    'node-ip': node.address,
    ...(wanted.profile === 'none' ? {} : { profile: wanted.profile }),
    ...(node.role === 'server' ? serverSettings(wanted, node) : {}),
  };
  return `${mark(wanted.lab)}\n${stringify(settings, { lineWidth: 0 })}`;
}

function serverSettings(wanted: Rke2Wanted, node: Node) {
  const servers = wanted.nodes.filter(({ role }) => role === 'server');
  return {
    'advertise-address': node.address,
    'tls-san': [
      `k8s-api.${wanted.domain}`,
      ...servers.flatMap(({ name, address }) => [name, address]),
      ...wanted.tlsSan,
    ],
    cni: 'cilium',
    'disable-kube-proxy': true,
    'cluster-cidr': wanted.clusterCidr,
    'service-cidr': wanted.serviceCidr,
    // New clusters get Traefik from 1.36 on (https://github.com/rancher/rke2/pull/10037), older ones ingress-nginx:
    // neither may take 80 and 443 from the gateway that config.yaml asks for.
    disable: ['rke2-ingress-nginx', 'rke2-traefik', 'rke2-traefik-crd'],
    'etcd-expose-metrics': true,
    'write-kubeconfig-mode': '0600',
  };
}

function mark(lab: string): string {
  return `# Written by rke2-lab for lab ${lab}; other edits are put back.`;
}

/** The lab that wrote this file; undefined for a file of somebody else. */
export function labOf(content: string): string | undefined {
  return /^# Written by rke2-lab for lab (\S+);/.exec(content)?.[1];
}

/** The server and token that a file names. */
export function joiningOf(content: string): Partial<Joining> {
  const settings: unknown = parse(content);
  if (typeof settings !== 'object' || settings === null) return {};
  const token = 'token' in settings && typeof settings.token === 'string' ? { token: settings.token } : {};
  const server = 'server' in settings && typeof settings.server === 'string' ? settings.server : undefined;
  const join = server && /^https:\/\/([^:/]+):/.exec(server)?.[1];
  return { ...token, ...(join ? { join } : {}) };
}
