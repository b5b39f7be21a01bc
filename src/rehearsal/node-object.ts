import { hasQuorum, type Cluster } from './cluster.ts';
import { attachNetwork } from './network.ts';
import { after, type Start } from './rke2-start.ts';

const PASSWORD_FILE = '/etc/rancher/node/password';
const RETRY_SECONDS = 3;

/** False where another machine came first under this name, and its Node was never deleted. */
export function nodePasswordFits({ machine, config }: Start, cluster: Cluster): boolean {
  const known = cluster.nodePasswords.get(config.nodeName);
  return known === undefined || known === machine.files.read(PASSWORD_FILE)?.content;
}

/** Made at the first try, whether or not the cluster takes it. */
export function ensureNodePassword({ world, machine }: Start): void {
  if (machine.files.read(PASSWORD_FILE)) return;
  machine.files.write(PASSWORD_FILE, { content: world.newSecret(), mode: 0o600 });
}

/** The kubelet makes or renews its Node. Without a network plug-in it says so, and is not ready. */
export function registerNode(start: Start, cluster: Cluster): void {
  const { world, machine, process, config } = start;
  if (!hasQuorum(world, cluster)) return after(start, RETRY_SECONDS, () => registerNode(start, cluster));
  const name = config.nodeName;
  const password = machine.files.read(PASSWORD_FILE)?.content;
  if (password !== undefined && !cluster.nodePasswords.has(name)) cluster.nodePasswords.set(name, password);
  const roles = process.kind === 'server' ? ['control-plane', 'etcd'] : [];
  const address = config.nodeIp ?? machine.links.find((link) => link.name !== 'lo')?.address;
  cluster.store.put({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, 'true'])),
      },
    },
    spec: {},
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: process.version,
        osImage: 'Ubuntu 24.04.3 LTS',
        containerRuntimeVersion: 'containerd://2.1.4-k3s2',
      },
      conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: NO_NETWORK }],
    },
  });
  return attachNetwork(start, cluster);
}

const NO_NETWORK =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
