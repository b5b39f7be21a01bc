import type { Config } from '../config/schema.ts';
import type { KubeObject, Scope } from '../lab.ts';
import { artefactStore, type ArtefactStore } from './artefact-store.ts';
import { freshMachine } from './box.ts';
import { virtualClock, type VirtualClock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { goodHost, type HostState } from './host-state.ts';
import { inScope } from './kube-store.ts';
import type { MachineState } from './machine-state.ts';
import type { Rke2Process } from './rke2-process.ts';

/** Seconds since 1970 at the start of a rehearsal. */
const EPOCH = 1_795_000_000;

/** Everything that there is, whether or not a program looks at it. A program that is killed leaves it as it is. */
export interface World {
  readonly clock: VirtualClock;
  /** That of the program which looks at it last. */
  config: Config;
  /** The lab's folder on the operator's computer. */
  readonly directory: string;
  readonly host: HostState;
  /** Machines that exist, by name. */
  readonly machines: Map<string, MachineState>;
  readonly clusters: Map<string, Cluster>;
  readonly artefacts: ArtefactStore;
  /** What alters machines when they are made: how a fault reaches machines that do not exist yet. */
  readonly onCreate: ((machine: MachineState) => void)[];
  /** What happens whenever an rke2 process starts. */
  readonly onRke2Start: ((machine: MachineState, process: Rke2Process) => void)[];
  /** True where Cilium's pods never come up. */
  rolloutsStuck: boolean;
  readonly watches: Set<{ readonly scope: Scope; readonly onChange: () => void }>;
  objectChanged(object: KubeObject): void;
  /** An API came or went: whoever watches must look again. */
  apiChanged(): void;
  /** 64 hexadecimal digits; another with every call, the same in every rehearsal. */
  newSecret(): string;
  /** Seconds since 1970 on a computer with a right clock. */
  time(): number;
  /** A machine of the box, made now. */
  create(name: string): MachineState;
}

export function newWorld(config: Config, directory: string): World {
  const clock = virtualClock();
  const state = { secrets: 0, keys: 0 };
  const time = () => EPOCH + Math.floor(clock.now());
  const watches: World['watches'] = new Set();
  const tell = (isMeant: (scope: Scope) => boolean) => {
    // Who comes while they are told is not told; who leaves hears nothing more.
    for (const watch of [...watches]) if (watches.has(watch) && isMeant(watch.scope)) watch.onChange();
  };
  const world: World = {
    clock,
    config,
    directory,
    host: goodHost(config, time),
    machines: new Map(),
    clusters: new Map(),
    artefacts: artefactStore(directory),
    onCreate: [],
    onRke2Start: [],
    rolloutsStuck: false,
    watches,
    objectChanged: (object) => tell((scope) => inScope(object, scope)),
    apiChanged: () => tell(() => true),
    newSecret: () => {
      state.secrets += 1;
      return state.secrets.toString(16).padStart(4, '0').repeat(16);
    },
    time,
    create: (name) => {
      const node = world.config.nodes.find((wanted) => wanted.name === name);
      if (!node) throw new Error(`config.yaml has no machine ${name}`);
      state.keys += 1;
      const hostKey = `ssh-ed25519 ${Buffer.from(`host key ${state.keys} of ${name}`).toString('base64')}`;
      const machine = freshMachine({ config: world.config, node, hostKey, time });
      world.machines.set(name, machine);
      for (const alter of world.onCreate) alter(machine);
      return machine;
    },
  };
  return world;
}
