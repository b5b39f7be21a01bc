import { LabError } from '../engine/errors.ts';
import type { Owned, ProvidedMachine, Provider } from '../lab.ts';
import { powerOff, powerOn } from './boot.ts';
import type { MachineState } from './machine-state.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

const LIST_SECONDS = 0.3;
/** Vagrant's own start, and a copy of the box's disk. */
const DEFINE_SECONDS = 8;
const POLL_SECONDS = 1;
const STOP_SECONDS = 10;
const DESTROY_SECONDS = 3;
const PROVIDER = { where: 'provider', what: 'provider' };
const MANAGEMENT_BRIDGE = 'virbr1';
const LAB_BRIDGE = 'virbr2';

/** Vagrant and libvirt; for `hosts`, machines that exist already. */
export function rehearsedProvider(session: Session): Provider {
  const { world } = session;
  const { provider } = world.config.machines;
  const kind = provider === 'auto' ? 'libvirt' : provider;
  return {
    kind,
    list: async () => {
      await session.wait(LIST_SECONDS);
      return world.machines
        .values()
        .filter((machine) => machine.ready || machine.owner === 'foreign')
        .map(provided)
        .toArray();
    },
    owned: async () => {
      await session.wait(LIST_SECONDS);
      return kind === 'hosts' ? [] : ownedBy(world);
    },
    up: (names, signal) => changing(session, kind, () => up(session, names, signal)),
    stop: (names, signal) =>
      changing(session, kind, async () => {
        await session.wait(STOP_SECONDS, signal);
        for (const name of names) powerOff(world, existing(world, name));
      }),
    remove: (owned, signal) =>
      changing(session, kind, async () => {
        await session.wait(DESTROY_SECONDS, signal);
        for (const one of owned) removeOwned(world, one);
      }),
  };
}

function changing(session: Session, kind: Provider['kind'], act: () => Promise<void>): Promise<void> {
  if (kind === 'hosts')
    throw new LabError(
      'machines that exist already are not made, stopped or removed by this tool',
      'start them yourself',
    );
  return session.write(PROVIDER, act);
}

function provided({ name, running, owner, differs }: MachineState): ProvidedMachine {
  return { name, state: running ? 'running' : 'stopped', owner, differs };
}

async function up(session: Session, names: readonly string[], signal?: AbortSignal): Promise<void> {
  const { world } = session;
  checkHypervisor(world);
  await session.wait(DEFINE_SECONDS, signal);
  makeNetworks(world);
  const machines = names.map((name) => {
    const old = world.machines.get(name);
    if (old?.owner === 'foreign')
      throw new LabError(
        `could not make ${name}: a domain of that name exists (HOST_ORPHAN_DOMAIN)`,
        'virsh list --all',
      );
    const machine = old?.ready ? old : world.create(name);
    if (!machine.running || !machine.booted) powerOn(world, machine);
    return machine;
  });
  while (machines.some(({ booted }) => !booted)) await session.wait(POLL_SECONDS, signal);
  for (const machine of machines) machine.ready = true;
}

/** What check-host should have seen; here so that a lab without that check does not go on. */
function checkHypervisor({ host, config }: World): void {
  if (config.machines.provider === 'nspawn') return;
  if (host.vagrant === undefined || host.libvirt === undefined)
    throw new LabError('vagrant or libvirt is missing', 'npm run lab:up');
  if (config.machines.libvirt.driver === 'kvm' && host.kvm !== 'usable')
    throw new LabError(
      'could not make the machines: this computer offers no KVM to libvirt (HOST_KVM_UNAVAILABLE)',
      'sudo modprobe kvm_intel',
    );
}

function makeNetworks(world: World): void {
  const { host, config } = world;
  const { provider, network, nspawn, libvirt } = config.machines;
  const lab = { name: labNetwork(config.lab.name), bridge: LAB_BRIDGE, subnet: network.subnet };
  const { name: shared, subnet: management } = libvirt.managementNetwork;
  const own = `${lab.name}-management`;
  const wanted =
    provider === 'nspawn'
      ? [
          { name: own, bridge: own, subnet: nspawn.managementSubnet },
          { ...lab, bridge: lab.name },
        ]
      : [{ name: shared, bridge: MANAGEMENT_BRIDGE, subnet: management }, lab];
  for (const { name, bridge, subnet } of wanted) {
    if (host.networks.some((present) => present.name === name)) continue;
    host.networks.push({ name, bridge, address: subnet.replace(/\.\d+\//, '.1/'), active: true, owned: true });
    host.routes.push({ dst: subnet, dev: bridge });
  }
}

function labNetwork(lab: string): string {
  return `rke2-lab-${lab}`;
}

function ownedBy({ machines, host }: World): readonly Owned[] {
  const own = machines
    .values()
    .filter(({ owner }) => owner === 'lab')
    .toArray();
  return [
    ...own.map(({ name }) => ({ kind: 'machine', name }) as const),
    ...own.flatMap(({ name, disks }) =>
      disks.map((disk) => ({ kind: 'volume', name: `${name}-${disk.name}` }) as const),
    ),
    ...host.networks.filter(({ owned }) => owned).map(({ name }) => ({ kind: 'network', name }) as const),
  ];
}

function removeOwned(world: World, { kind, name }: Owned): void {
  if (kind === 'volume') return;
  if (kind === 'machine') {
    const machine = existing(world, name);
    if (machine.owner !== 'lab') throw new Error(`${name} is not the lab's`);
    powerOff(world, machine);
    world.machines.delete(name);
    return;
  }
  const index = world.host.networks.findIndex((network) => network.name === name && network.owned);
  const [removed] = index === -1 ? [] : world.host.networks.splice(index, 1);
  if (!removed) throw new Error(`${name} is not the lab's`);
  world.host.routes.splice(
    world.host.routes.findIndex(({ dev }) => dev === removed.bridge),
    1,
  );
}

function existing({ machines }: World, name: string): MachineState {
  const machine = machines.get(name);
  if (!machine) throw new Error(`there is no machine ${name}`);
  return machine;
}
