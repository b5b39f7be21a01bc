import type { Config } from '../config/schema.ts';
import type { Lab } from '../lab.ts';
import { rehearsedArtefacts } from './artefacts.ts';
import type { VirtualClock } from './clock.ts';
import { powerOn } from './boot.ts';
import { faults } from './faults/index.ts';
import { rehearsedHost, userKubeconfig } from './host.ts';
import { rehearsedKube } from './kube.ts';
import { rehearsedMachine } from './machine.ts';
import { rehearsedProvider } from './provider.ts';
import { newSession, type Session, type Write } from './session.ts';
import { newWorld, type World } from './world.ts';

export interface RehearsalOptions {
  readonly config: Config;
  /** Name of a fault of `faults/index.ts`. */
  readonly fault?: string;
  /** Called after every write, in the program's own asynchronous context. */
  readonly onWrite?: (write: Write) => void;
}

/** A whole lab in memory, on a virtual clock. */
export interface Rehearsal {
  /** What a program sees. */
  readonly lab: Lab;
  readonly clock: VirtualClock;
  /** Everything that was changed, in order, by all programs so far. */
  readonly writes: readonly Write[];
  /** What there really is. */
  readonly world: World;
  /** The program that has `lab` now is killed when its n-th write is done: from then on all it does fails with `Killed`. */
  crashAfterWrite(count: number): void;
  /** A new program on the same world, which nobody kills; with another config.yaml where one is given. */
  revive(config?: Config): Lab;
}

/** The lab of this config.yaml, before anything was done; with a fault, what that breaks. An unknown fault is a bug of the caller. */
export function openRehearsal({ config, fault, onWrite: told }: RehearsalOptions): Rehearsal {
  const world = newWorld(config, `/home/operator/rke2-lab/.lab/${config.lab.name}`);
  const writes: Write[] = [];
  const state = { last: Number.POSITIVE_INFINITY };
  const onWrite = (write: Write, count: number, session: Session) => {
    writes.push(write);
    told?.(write);
    if (count === state.last) session.kill();
  };
  const start = () => labOf(newSession({ world, onWrite }));
  if (fault !== undefined) breakWorld(world, fault);
  if (config.machines.provider === 'hosts') makeHosts(world);
  return {
    lab: start(),
    clock: world.clock,
    writes,
    world,
    crashAfterWrite: (count) => {
      state.last = count;
    },
    revive: (changed = world.config) => {
      world.config = changed;
      state.last = Number.POSITIVE_INFINITY;
      return start();
    },
  };
}

function breakWorld(world: World, name: string): void {
  const fault = faults.find((candidate) => candidate.name === name);
  if (!fault) throw new Error(`there is no fault ${name}`);
  fault.alter(world);
}

/** Machines that exist already: up, and known to the operator's own SSH. */
function makeHosts(world: World): void {
  for (const { name } of world.config.nodes) {
    const machine = world.create(name);
    machine.ready = true;
    powerOn(world, machine);
    machine.booted = true;
  }
}

function labOf(session: Session): Lab {
  const { world } = session;
  const machines = new Map(world.config.nodes.map((node) => [node.name, rehearsedMachine(session, node)]));
  return {
    name: world.config.lab.name,
    directory: world.directory,
    userKubeconfig: userKubeconfig(world.host),
    clock: { now: () => world.clock.now(), wait: (seconds, signal) => session.wait(seconds, signal) },
    host: rehearsedHost(session),
    provider: rehearsedProvider(session),
    machine: (name) => {
      const machine = machines.get(name);
      if (!machine) throw new Error(`config.yaml has no machine ${name}`);
      return machine;
    },
    kube: rehearsedKube(session),
    artefacts: rehearsedArtefacts(session),
    newSecret: () => world.newSecret(),
  };
}
