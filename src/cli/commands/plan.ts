import { planUnits, type UnitPlan } from '../../engine/plan.ts';
import { unitsOf, type Unit } from '../../engine/units.ts';
import type { Lab } from '../../lab.ts';
import { columns } from '../columns.ts';
import type { Command, Context, Ending } from '../command.ts';
import { withLab } from '../session.ts';
import { planExit, planLines, planRecord, planTroubles } from '../state.ts';
import { tell } from '../tell.ts';

/** What `up` would do now. */
export const plan: Command = (context) =>
  withLab(context, { to: 'look' }, async ({ config, lab }) =>
    showPlan(context, lab, { units: unitsOf(await context.phases(), config), command: 'npm run lab:up' }),
  );

interface Planned {
  readonly units: readonly Unit[];
  /** What is typed to do it. */
  readonly command: string;
  /** The one phase to show. */
  readonly only?: string;
}

/** Looks once and prints what is missing. */
export async function showPlan(context: Context, lab: Lab, { units, command, only }: Planned): Promise<Ending> {
  const all = await planUnits(lab, units);
  context.signal.throwIfAborted();
  const plans = all.filter(
    ({ unit, result }) => only === undefined || unit.phase.name === only || result.state === 'failed',
  );
  if (context.options.json)
    for (const one of plans) context.screen.print(JSON.stringify({ type: 'plan', ...planRecord(one) }));
  else printPlan(context, plans, command);
  return { exit: planExit(plans), result: { steps: stepsIn(plans) } };
}

function printPlan({ screen, options }: Context, plans: readonly UnitPlan[], command: string): void {
  const rows = plans.flatMap((one) => planLines(one).map((line, index) => [index === 0 ? one.unit.name : '', line]));
  for (const line of columns(rows)) screen.print(line);
  screen.print('');
  const troubles = planTroubles(plans);
  for (const trouble of troubles) for (const line of tell(trouble, options.verbose)) screen.complain(line);
  if (troubles.length === 0) screen.print(summaryOf(plans, command));
}

function summaryOf(plans: readonly UnitPlan[], command: string): string {
  const steps = stepsIn(plans);
  if (planExit(plans) === 0) return 'Nothing to do: the lab is as config.yaml says.';
  const isOpen = plans.some(({ result }) => result.state === 'after');
  const count = `${steps} ${steps === 1 ? 'step' : 'steps'}`;
  return `${count}${isOpen ? ' known now, more once these are done' : ''}. To do it: ${command}`;
}

function stepsIn(plans: readonly UnitPlan[]): number {
  return plans.reduce((sum, { result }) => sum + (result.state === 'planned' ? result.steps.length : 0), 0);
}
