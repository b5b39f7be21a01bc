import { nearest } from '../../config/nearest.ts';
import { LabError } from '../../engine/errors.ts';
import type { AnyPhase } from '../../engine/phase.ts';
import { planUnits } from '../../engine/plan.ts';
import { unitsOf } from '../../engine/units.ts';
import { columns } from '../columns.ts';
import type { Command, Context, Ending } from '../command.ts';
import { conclude } from '../conclude.ts';
import { runAndShow } from '../run.ts';
import { withLab, type Session } from '../session.ts';
import { planExit, planLines, planRecord, planTroubles } from '../state.ts';
import { tell } from '../tell.ts';
import { showPlan } from './plan.ts';

/** Without a name lists the phases and their state; with one runs that phase, what it needs is only checked. */
export const phase: Command = async (context) => {
  const [name] = context.words;
  const phases = await context.phases();
  if (name === undefined) return withLab(context, { to: 'look' }, (session) => list(context, session, phases));
  const wanted = phaseNamed(phases, name);
  const access = { to: context.options.plan ? 'look' : 'change' } as const;
  return withLab(context, access, (session) => runOne(context, session, wanted));
};

async function runOne(context: Context, session: Session, wanted: AnyPhase): Promise<Ending> {
  const { name } = wanted;
  const units = unitsOf([wanted], session.config);
  const command = `phase ${name}`;
  if (context.options.plan) return showPlan(context, session.lab, { units, only: name, command: `npm run ${command}` });
  const end = await runAndShow(context, { lab: session.lab, units, only: name });
  return conclude(context, session, { ...end, command });
}

async function list(
  { screen, options }: Context,
  { config, lab }: Session,
  phases: readonly AnyPhase[],
): Promise<Ending> {
  const plans = await planUnits(lab, unitsOf(phases, config));
  if (options.json) {
    for (const plan of plans) screen.print(JSON.stringify({ type: 'plan', ...planRecord(plan) }));
    return { exit: planExit(plans) };
  }
  const rows = plans.map((plan) => [plan.unit.name, stateOf(planLines(plan)), plan.unit.phase.title]);
  for (const line of columns([['PHASE', 'STATE', 'DOES'], ...rows])) screen.print(line);
  for (const trouble of planTroubles(plans)) for (const line of tell(trouble, options.verbose)) screen.complain(line);
  screen.print('');
  screen.print('npm run phase NAME runs one of them; npm run lab:up all.');
  return { exit: planExit(plans) };
}

function stateOf(lines: readonly string[]): string {
  const [first = '', ...others] = lines;
  if (others.length > 0) return `${lines.length} steps missing`;
  return ['in place', 'off', 'could not look'].includes(first) || first.startsWith('after ') ? first : '1 step missing';
}

function phaseNamed(phases: readonly AnyPhase[], name: string): AnyPhase {
  const found = phases.find((one) => one.name === name);
  if (found) return found;
  const names = phases.map((one) => one.name);
  const near = nearest(name, names);
  throw new LabError(
    `there is no phase ${JSON.stringify(name)}`,
    near ? `npm run phase ${near}` : `one of: ${names.join(', ')}`,
  );
}
