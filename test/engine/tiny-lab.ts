import type { Config, Node } from '../../src/config/schema.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Event } from '../../src/engine/events.ts';
import { definePhase, type AnyPhase } from '../../src/engine/phase.ts';
import { runUnits, type UnitReport } from '../../src/engine/run.ts';
import { unitsOf } from '../../src/engine/units.ts';
import type { Kube, KubeObject, Lab, Machine } from '../../src/lab.ts';
import { virtualClock, type VirtualClock } from '../../src/rehearsal/clock.ts';

/** A lab that has files on machines and objects in a cluster, and nothing else: all other use of it is an error. */
export interface TinyLab {
  readonly lab: Lab;
  readonly clock: VirtualClock;
  /** `dev-s1:/path` → content */
  readonly files: Map<string, string>;
  /** Puts an object by name, and wakes who watches. */
  put(name: string): void;
  /** How often something was looked at. */
  readonly looks: { machine: number; kube: number };
  readonly watches: Set<() => void>;
}

export function tinyLab(): TinyLab {
  const clock = virtualClock();
  const files = new Map<string, string>();
  const objects = new Map<string, KubeObject>();
  const watches = new Set<() => void>();
  const looks = { machine: 0, kube: 0 };
  const kube: Kube = {
    get: async ({ name }) => {
      looks.kube += 1;
      return objects.get(name);
    },
    list: async () => {
      looks.kube += 1;
      return [...objects.values()];
    },
    remove: refuse('kube.remove'),
    watch: (_, onChange) => {
      watches.add(onChange);
      return () => watches.delete(onChange);
    },
  };
  const lab: Lab = {
    name: 'dev',
    directory: '/home/operator/.lab/dev',
    userKubeconfig: '/home/operator/.kube/config',
    clock,
    kube,
    machine: (name) => machineOf({ name, files, looks }),
    newSecret: refuse('newSecret'),
    get host(): never {
      throw new Error('the tiny lab has no host');
    },
    get provider(): never {
      throw new Error('the tiny lab has no provider');
    },
    get artefacts(): never {
      throw new Error('the tiny lab has no artefacts');
    },
  };
  const put = (name: string) => {
    objects.set(name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    for (const wake of [...watches]) wake();
  };
  return { lab, clock, files, put, looks, watches };
}

interface MachineParts {
  readonly name: string;
  readonly files: Map<string, string>;
  readonly looks: { machine: number };
}

function machineOf({ name, files, looks }: MachineParts): Machine {
  return {
    name,
    readFile: async (path) => {
      looks.machine += 1;
      const content = files.get(`${name}:${path}`);
      return content === undefined ? undefined : { content, mode: 0o644, owner: 'root:root' };
    },
    writeFile: async (path, { content }) => {
      files.set(`${name}:${path}`, content);
    },
    look: refuse('look'),
    run: refuse('run'),
    removeFile: refuse('removeFile'),
    upload: refuse('upload'),
    forget: refuse('forget'),
  };
}

function refuse(what: string) {
  return (): never => {
    throw new Error(`the tiny lab cannot ${what}`);
  };
}

/** Two machines: dev-s1 and dev-a1. */
export const twoMachines: Config = parseConfig(
  [
    'machines:',
    '  size: two',
    '  sizes:',
    '    two: { servers: { count: 1, dataDisk: 20 }, agents: { count: 1, dataDisk: 20 } }',
  ].join('\n'),
  'config.yaml',
);

interface FilePhase<N extends Readonly<Record<string, AnyPhase>>> {
  readonly name: string;
  readonly paths: readonly string[];
  readonly needs: N;
  readonly on?: string;
}

/** A phase that wants files, one step each. */
export function filesPhase({
  name,
  paths,
  needs = {},
  on = 'dev-s1',
}: Partial<FilePhase<Record<string, AnyPhase>>> & Pick<FilePhase<never>, 'name'>) {
  return definePhase({
    name,
    title: name,
    scope: 'lab',
    needs,
    reads: () => ({ paths: paths ?? [`/${name}`], on }),
    writes: ['machine:/**'],
    async plan(lab, want) {
      const machine = lab.machine(want.on);
      const found = await Promise.all(want.paths.map((path) => machine.readFile(path)));
      return want.paths
        .filter((_, index) => !found[index])
        .map((path) => ({ title: `write ${path}`, run: () => machine.writeFile(path, { content: 'here' }) }));
    },
    facts: async (_, want) => want.paths,
  });
}

/** A phase that does nothing but wait for an object of the cluster. */
export function objectPhase(name: string, within = 300) {
  return definePhase({
    name,
    title: name,
    scope: 'lab',
    needs: {},
    reads: () => ({ name }),
    writes: [],
    within,
    async plan(lab, want) {
      const object = await lab.kube.get({ apiVersion: 'v1', kind: 'ConfigMap', name: want.name });
      return object ? [] : [{ title: `wait for ConfigMap ${want.name}`, hint: `kubectl get configmap ${want.name}` }];
    },
  });
}

/** A phase with a plan of its own, one loop for each machine. */
export function machinePhase(name: string, plan: (lab: Lab, node: Node) => ReturnType<AnyPhase['plan']>) {
  return definePhase({
    name,
    title: name,
    scope: 'machine',
    needs: {},
    reads: (_, node) => node,
    writes: ['machine:/**'],
    plan,
    facts: async (_, node) => ({ address: node.address }),
  });
}

interface Ran {
  readonly reports: readonly UnitReport[];
  readonly events: readonly Event[];
  /** Titles of the steps that were done, in order. */
  readonly steps: readonly string[];
  /** Outcome by unit name. */
  readonly outcomes: Readonly<Record<string, UnitReport['outcome']>>;
}

interface RunWanted {
  readonly lab: Lab;
  readonly phases: readonly AnyPhase[];
  readonly config?: Config;
  readonly signal?: AbortSignal;
  readonly only?: string;
  readonly onEvent?: (event: Event) => void;
}

export async function run({ phases, config = twoMachines, signal, onEvent, ...others }: RunWanted): Promise<Ran> {
  const events: Event[] = [];
  const reports = await runUnits({
    ...others,
    units: unitsOf(phases, config),
    signal: signal ?? new AbortController().signal,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  return {
    reports,
    events,
    steps: events.flatMap((event) => (event.type === 'step-done' ? [event.title] : [])),
    outcomes: Object.fromEntries(reports.map(({ unit, outcome }) => [unit.name, outcome])),
  };
}
