import { planUnits, type UnitPlan } from '../../engine/plan.ts';
import { unitsOf } from '../../engine/units.ts';
import type { KubeObject, Lab, ProvidedMachine } from '../../lab.ts';
import { columns } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { withLab, type Session } from '../session.ts';
import { planExit, planLines, planRecord, planTroubles } from '../state.ts';
import { tell } from '../tell.ts';
import { troublesOf, type Trouble } from '../trouble.ts';

/** What is there now. Each part that cannot be looked at says so, and the others are shown. */
export const status: Command = (context) =>
  withLab(context, { to: 'look' }, async (session) => {
    const { lab, config } = session;
    const [machines, nodes, plans, credentials] = await Promise.all([
      looked(lab.provider.list()),
      looked(nodesOf(lab)),
      planUnits(lab, unitsOf(await context.phases(), config)),
      credentialsOf(lab),
    ]);
    const found = { machines, nodes, plans, credentials };
    if (!context.options.json) await print(context, session, found);
    return { exit: planExit(plans), result: { ...found, lab: lab.name, plans: plans.map(planRecord) } };
  });

type Looked<T> = { readonly value: T } | { readonly troubles: readonly Trouble[] };

interface Found {
  readonly machines: Looked<readonly ProvidedMachine[]>;
  readonly nodes: Looked<readonly NodeRow[] | undefined>;
  readonly plans: readonly UnitPlan[];
  readonly credentials: readonly string[];
}

interface NodeRow {
  readonly name: string;
  /** Why it is not ready; undefined = it is. */
  readonly trouble?: string;
  readonly version: string;
}

async function looked<T>(look: Promise<T>): Promise<Looked<T>> {
  try {
    return { value: await look };
  } catch (error) {
    const troubles = troublesOf(error);
    if (troubles.some(({ kind }) => kind === 'bug')) throw error;
    return { troubles };
  }
}

/** Undefined while there is no cluster to ask. */
async function nodesOf(lab: Lab): Promise<readonly NodeRow[] | undefined> {
  if (!(await lab.host.readFile(`${lab.directory}/kubeconfig`))) return undefined;
  const [{ nodeTrouble }, nodes] = await Promise.all([
    import('../../kube/readiness.ts'),
    lab.kube.list({ apiVersion: 'v1', kind: 'Node' }),
  ]);
  return nodes.map((node: KubeObject) => {
    const trouble = nodeTrouble(node);
    const version = String(node.status?.nodeInfo?.kubeletVersion ?? '');
    return { name: node.metadata.name, version, ...(trouble !== undefined && { trouble }) };
  });
}

async function credentialsOf({ host, directory }: Lab): Promise<readonly string[]> {
  const files = ['id_ed25519', 'known_hosts', 'token', 'kubeconfig'].map((name) => `${directory}/${name}`);
  const found = await Promise.all(files.map((file) => host.readFile(file)));
  return files.filter((_, index) => found[index]);
}

async function print({ screen, options }: Context, { config }: Session, found: Found): Promise<void> {
  const say = (rows: readonly (readonly string[])[]) => columns(rows).forEach((line) => screen.print(`  ${line}`));
  screen.print(
    `Lab ${config.lab.name} (${config.file}), provider ${config.machines.provider}, RKE2 ${config.rke2.version}`,
  );
  screen.print('Machines');
  say(machineRows(config.nodes, found.machines));
  screen.print('Nodes');
  say(nodeRows(found.nodes));
  screen.print('Phases');
  say(found.plans.map((plan) => [plan.unit.name, firstOf(planLines(plan))]));
  screen.print('Credentials (mode 0600)');
  say(found.credentials.length === 0 ? [['none yet']] : found.credentials.map((file) => [file]));
  for (const trouble of planTroubles(found.plans))
    for (const line of tell(trouble, options.verbose)) screen.complain(line);
}

function machineRows(nodes: Session['config']['nodes'], machines: Found['machines']): readonly (readonly string[])[] {
  if ('troubles' in machines) return unknownRows(machines.troubles);
  const stateOf = new Map(
    machines.value.map(({ name, state, owner }) => [name, owner === 'lab' ? state : `${state}, not this lab's`]),
  );
  return nodes.map(({ name, role, address }) => [name, role, address, stateOf.get(name) ?? 'absent']);
}

function nodeRows(nodes: Found['nodes']): readonly (readonly string[])[] {
  if ('troubles' in nodes) return unknownRows(nodes.troubles);
  if (!nodes.value) return [['no cluster yet']];
  return nodes.value.map(({ name, version, trouble }) => [
    name,
    version,
    trouble === undefined ? 'Ready' : `not ready: ${trouble}`,
  ]);
}

function unknownRows(troubles: readonly Trouble[]): readonly (readonly string[])[] {
  return troubles.flatMap((trouble) => tell(trouble).map((line) => [line.replace(/^Error:/, 'unknown:')]));
}

function firstOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}
