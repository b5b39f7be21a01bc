import { nearest } from '../../config/nearest.ts';
import { LabError } from '../../engine/errors.ts';
import { unitsOf } from '../../engine/units.ts';
import { faults } from '../../rehearsal/faults/index.ts';
import { openRehearsal, type Rehearsal } from '../../rehearsal/open.ts';
import { columns } from '../columns.ts';
import type { Command, Context, Ending } from '../command.ts';
import { runResult } from '../conclude.ts';
import { readConfig } from '../read-config.ts';
import { criticalPathText, spanOf, summaryTable } from '../report/summary.ts';
import { countWrites, type WriteCount } from '../report/write-count.ts';
import { changesOf, errorsOf, runAndShow, type RunEnd } from '../run.ts';
import { countText } from '../show/outcome-text.ts';
import { secondsText } from '../show/seconds-text.ts';
import { tell } from '../tell.ts';
import { exitCodes, troublesOf } from '../trouble.ts';
import { showPlan } from './plan.ts';

/** All phases on a lab in memory, whose clock jumps; then once more, to see that nothing is left to do. */
export const rehearse: Command = async (context) => {
  const { fault, listFaults, plan } = context.options;
  if (listFaults) return showFaults(context);
  if (fault !== undefined) refuseUnknown(fault);
  const config = await readConfig(context);
  const units = unitsOf(await context.phases(), config);
  const rehearsal = openRehearsal({ config, ...(fault !== undefined && { fault }) });
  if (plan) return showPlan(context, rehearsal.lab, { units, command: 'npm run lab:rehearse' });
  const writes = countWrites(rehearsal.writes);
  // As lines also on a terminal: it is over in a moment, and the way there is what one wants to see.
  const asLines = { ...context, screen: { ...context.screen, isTerminal: false } };
  const end = await runAndShow(asLines, { lab: rehearsal.lab, units, onEvent: writes.onEvent });
  if (!context.options.json) printEnd(context, end, writes);
  if (end.exit !== exitCodes.inPlace) return { exit: end.exit, result: runResult(end) };
  return runAgain(context, rehearsal, { units, first: end });
};

interface SecondRun {
  readonly units: ReturnType<typeof unitsOf>;
  readonly first: RunEnd;
}

async function runAgain(context: Context, rehearsal: Rehearsal, { units, first }: SecondRun): Promise<Ending> {
  const before = rehearsal.writes.length;
  const quiet = { ...context, screen: { ...context.screen, isTerminal: false, print: () => {} } };
  const second = await runAndShow(quiet, { lab: rehearsal.revive(), units });
  const writes = rehearsal.writes.length - before;
  if (second.exit !== exitCodes.inPlace || writes > 0)
    throw new AggregateError(
      [
        ...errorsOf(second.reports),
        new Error(`a second run changed something: ${JSON.stringify(rehearsal.writes.slice(before))}`),
      ],
      'a second run does not find the lab in place',
    );
  if (!context.options.json) context.screen.print('What a second run would do: nothing (it was run: 0 writes).');
  return {
    exit: second.exit,
    result: { ...runResult(first), writes: before, secondRun: { ...runResult(second), writes } },
  };
}

function printEnd({ screen, options }: Context, { reports, exit }: RunEnd, writes: WriteCount): void {
  screen.print('');
  for (const line of summaryTable(reports, { title: 'WRITES', of: (phase) => String(writes.of(phase)) }))
    screen.print(line);
  screen.print('');
  if (exit === exitCodes.inPlace) screen.print(criticalPathText(reports));
  for (const error of errorsOf(reports))
    for (const trouble of troublesOf(error)) for (const line of tell(trouble, options.verbose)) screen.complain(line);
  const done = `${countText(changesOf(reports), 'step')}, ${countText(writes.all(), 'write')}`;
  screen.print(
    `Rehearsed on a lab in memory: ${done}, ${secondsText(spanOf(reports))} of its time. Nothing real was touched.`,
  );
}

function showFaults({ screen, options }: Context): Ending {
  const list = faults.map(({ name, title }) => ({ name, title }));
  if (!options.json) for (const line of columns(list.map(({ name, title }) => [name, title]))) screen.print(line);
  return { exit: exitCodes.inPlace, result: { faults: list } };
}

function refuseUnknown(fault: string): void {
  const names = faults.map(({ name }) => name);
  if (names.includes(fault)) return;
  const near = nearest(fault, names);
  throw new LabError(
    `there is no fault ${JSON.stringify(fault)} to rehearse`,
    near ? `npm run lab:rehearse -- --fault ${near}` : 'npm run lab:rehearse -- --list-faults',
  );
}
