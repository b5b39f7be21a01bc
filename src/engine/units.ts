import type { Config, Node } from '../config/schema.ts';
import type { AnyPhase } from './phase.ts';

/** A phase, or a phase on one machine: what runs as one loop. */
export interface Unit {
  /** `fetch-rke2`, `prepare-nodes dev-s1`: unique in a run. */
  readonly name: string;
  readonly phase: AnyPhase;
  readonly node?: Node;
  /** What the phase reads of config.yaml; undefined = switched off. */
  readonly want: unknown;
  /** Units that must be done first, by the role that the phase gives them. */
  readonly needs: ReadonlyMap<string, readonly Unit[]>;
}

/** The phases as units, each after those it needs. A phase that is needed but not listed is an error of the registry. */
export function unitsOf(phases: readonly AnyPhase[], config: Config): readonly Unit[] {
  const made = new Map<AnyPhase, readonly Unit[]>();
  for (const phase of inOrder(phases)) made.set(phase, unitsOfPhase(phase, config, made));
  return [...made.values()].flat();
}

/** Each phase after its needs. A circle cannot be written: a phase's file must import those it needs. */
function inOrder(phases: readonly AnyPhase[]): readonly AnyPhase[] {
  const ordered = new Set<AnyPhase>();
  const visit = (phase: AnyPhase) => {
    for (const need of Object.values<AnyPhase>(phase.needs)) visit(need);
    ordered.add(phase);
  };
  for (const phase of phases) visit(phase);
  return [...ordered];
}

function unitsOfPhase(phase: AnyPhase, config: Config, made: ReadonlyMap<AnyPhase, readonly Unit[]>): readonly Unit[] {
  const needsOf = (node?: Node) =>
    new Map(
      Object.entries<AnyPhase>(phase.needs).map(([role, need]) => [
        role,
        (made.get(need) ?? []).filter((unit) => !node || !unit.node || unit.node === node),
      ]),
    );
  if (phase.scope === 'lab')
    return [{ name: phase.name, phase, want: phase.reads(config, undefined), needs: needsOf() }];
  return config.nodes.map((node) => ({
    name: `${phase.name} ${node.name}`,
    phase,
    node,
    want: phase.reads(config, node),
    needs: needsOf(node),
  }));
}
