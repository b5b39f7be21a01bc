import type { Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { joiningOf, labOf } from '../kube/rke2-config.ts';
import type { Machine } from '../lab.ts';
import type { Rke2State } from './rke2-state.ts';

const SERVER_PORTS = [6443, 9345];

export interface Ours {
  readonly lab: string;
  readonly token: string;
  readonly release: string;
}

/** What is on the machine now. */
interface Installed {
  readonly machine: Machine;
  readonly node: Node;
  readonly state: Rke2State;
}

/** Throws where going on would harm what is on the machine, or cannot work. */
export async function refuse({ machine, node, state }: Installed, ours: Ours): Promise<void> {
  if (state.holdsCluster || state.registered) refuseForeign(node, state, ours);
  if (state.version) refuseOlder(node, state.version, ours.release);
  if (node.role === 'server' && ['inactive', 'failed', 'unknown'].includes(state.unit.active))
    await refuseTakenPorts(machine);
}

/** Throws where the cluster on the machine is not this lab's. */
export function refuseForeign(node: Node, { config }: Rke2State, ours: Omit<Ours, 'release'>): void {
  const owner = config === undefined ? undefined : labOf(config);
  if (owner !== ours.lab)
    throw new LabError(
      `${node.name} holds the RKE2 of ${owner ? `lab ${owner}` : 'another cluster, not made by this tool'}`,
      `take ${node.name} out of config.yaml; or, if that cluster is not needed any more, on ${node.name}: sudo /usr/local/bin/rke2-uninstall.sh`,
    );
  if (joiningOf(config ?? '').token !== ours.token)
    throw new LabError(
      `${node.name} was installed with another token than this lab's: it belongs to an earlier lab ${ours.lab}`,
      `put the token of then back into .lab/${ours.lab}/token; or, if that cluster is not needed any more, on ${node.name}: sudo /usr/local/bin/rke2-uninstall.sh`,
    );
}

/** Kubernetes and etcd do not go back: https://docs.rke2.io/upgrades/manual_upgrade */
function refuseOlder(node: Node, installed: string, release: string): void {
  const [is, wanted] = [minorOf(installed), minorOf(release)];
  if (wanted < is)
    throw new LabError(
      `${node.name} has RKE2 ${installed}, config.yaml asks for the older ${release}`,
      `set rke2.version: ${installed} in config.yaml; going back is only possible with a new lab`,
    );
  if (wanted > is + 1)
    throw new LabError(
      `${node.name} has RKE2 ${installed}, config.yaml asks for ${release}: Kubernetes allows one minor version at a time`,
      `set rke2.version to a v1.${is + 1} first`,
    );
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

async function refuseTakenPorts(machine: Machine): Promise<void> {
  const { stdout } = await machine.look(['ss', '-Hltn']);
  const taken = SERVER_PORTS.filter((port) => new RegExp(`:${port}\\s`, 'm').test(stdout));
  if (taken.length === 0) return;
  throw new LabError(
    `port ${taken.join(' and ')} of ${machine.name} is taken by another program, RKE2 needs it`,
    `on ${machine.name}: sudo ss -ltnp 'sport = :${taken[0]}' names the program; stop it`,
  );
}
