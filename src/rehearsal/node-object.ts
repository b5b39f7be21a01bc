import { hasQuorum, type Cluster } from './cluster.ts';
import { attachNetwork } from './network.ts';
import { after, type Start } from './rke2-start.ts';
import { log } from './units.ts';

const PASSWORD_FILE = '/etc/rancher/node/password';
const RETRY_SECONDS = 3;

/**
 * Why the cluster does not take the machine under its name; undefined = it does. k3s keeps the password of the first
 * machine of a name until its Node is deleted: https://docs.k3s.io/architecture
 */
export function nameTrouble({ world, machine, config }: Start, cluster: Cluster): string | undefined {
  const own = machine.files.read(PASSWORD_FILE)?.content ?? world.newSecret();
  // Made at the first try, whether or not the cluster takes it.
  if (machine.files.kind(PASSWORD_FILE) === 'absent') machine.files.write(PASSWORD_FILE, { content: own, mode: 0o600 });
  const known = cluster.nodePasswords.get(config.nodeName);
  if (known === undefined) cluster.nodePasswords.set(config.nodeName, own);
  if (known === undefined || known === own) return undefined;
  return `level=info msg="Waiting to retrieve agent configuration; Node password rejected, duplicate hostname or contents of '${PASSWORD_FILE}' may not match server node-passwd entry"`;
}

/** The kubelet makes or renews its Node. Without a network plug-in it says so, and is not ready. */
export function registerNode(start: Start, cluster: Cluster): void {
  const { world, machine, process, config } = start;
  const trouble = hasQuorum(world, cluster) ? nameTrouble(start, cluster) : undefined;
  if (trouble !== undefined) log(machine, `rke2-${process.kind}`, trouble);
  if (trouble !== undefined || !hasQuorum(world, cluster))
    return after(start, RETRY_SECONDS, () => registerNode(start, cluster));
  const name = config.nodeName;
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
