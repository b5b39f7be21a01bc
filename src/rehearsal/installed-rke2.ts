import { newCluster } from './cluster.ts';
import { runHelmController } from './helm-controller.ts';
import type { MachineState } from './machine-state.ts';
import { RKE2_BINARY } from './rke2.ts';
import { findUnit } from './units.ts';
import type { World } from './world.ts';

const SERVER = '/var/lib/rancher/rke2/server';

interface Earlier {
  /** The whole of /etc/rancher/rke2/config.yaml. */
  readonly config: string;
  /** The token in it. */
  readonly token: string;
}

/** A machine that has been the server of another cluster for long; it starts when the machine boots. */
export function installEarlierRke2(world: World, machine: MachineState, { config, token }: Earlier): void {
  const cluster = newCluster(world, { secret: token, kubeProxy: true });
  runHelmController(world, cluster);
  cluster.members.set(machine.name, 'voter');
  const { files } = machine;
  files.write(RKE2_BINARY, { content: world.config.rke2.version, mode: 0o755 });
  files.write('/usr/local/lib/systemd/system/rke2-server.service', {
    content: `[Service]\nExecStart=${RKE2_BINARY} server\n`,
  });
  files.write('/etc/rancher/rke2/config.yaml', { content: config, mode: 0o600 });
  files.write('/etc/rancher/node/password', { content: world.newSecret(), mode: 0o600 });
  files.write(`${SERVER}/db/etcd/name`, { content: `${machine.name}-9f8e7d6c`, mode: 0o600 });
  files.write(`${SERVER}/db/etcd/member/cluster`, { content: cluster.id, mode: 0o600 });
  const unit = findUnit(machine, 'rke2-server');
  if (unit) unit.enabled = true;
}

/** The machine of the lab's first server. */
export function isFirstServer({ config }: World, { name }: { readonly name: string }): boolean {
  return config.nodes[0]?.name === name;
}
