import type { Ending, Context } from './command.ts';
import { runReport } from './report/run-report.ts';
import { criticalPathText, spanOf, summaryTable } from './report/summary.ts';
import { changesOf, errorsOf, type RunEnd } from './run.ts';
import type { Session } from './session.ts';
import { countText } from './show/outcome-text.ts';
import { secondsText } from './show/seconds-text.ts';
import { tell } from './tell.ts';
import { exitCodes, troublesOf } from './trouble.ts';

interface Ended extends RunEnd {
  /** The script that was typed, and that goes on. */
  readonly command: string;
}

/** Keeps the report of a run, and says how it ended and how to go on. */
export async function conclude(context: Context, { lab }: Session, ended: Ended): Promise<Ending> {
  const { name, content } = runReport({ ...ended, lab: lab.name, endedAt: new Date() });
  const file = `${lab.directory}/reports/${name}`;
  await lab.host.writeFile(file, { content, mode: 0o600 });
  if (!context.options.json) printEnd(context, ended, file);
  return { exit: ended.exit, result: { ...runResult(ended), report: file } };
}

/** What --json gets of a run in its last line. */
export function runResult({ reports }: Pick<RunEnd, 'reports'>) {
  return { changes: changesOf(reports), seconds: spanOf(reports), errors: errorsOf(reports).flatMap(troublesOf) };
}

function printEnd({ screen, options }: Context, { reports, exit, command }: Ended, file: string): void {
  const changes = changesOf(reports);
  screen.print('');
  for (const line of summaryTable(reports)) screen.print(line);
  screen.print('');
  if (changes > 0 && exit === exitCodes.inPlace) screen.print(criticalPathText(reports));
  for (const error of errorsOf(reports))
    for (const trouble of troublesOf(error)) for (const line of tell(trouble, options.verbose)) screen.complain(line);
  screen.print(lastWord({ exit, changes, command, seconds: spanOf(reports) }));
  screen.print(`  report: ${file}`);
}

interface LastWord {
  readonly exit: number;
  readonly changes: number;
  readonly command: string;
  readonly seconds: number;
}

function lastWord({ exit, changes, command, seconds }: LastWord): string {
  const done = `${countText(changes, 'step')} done in ${secondsText(seconds)}`;
  if (exit === exitCodes.stopped) return `Stopped: ${done}, and nothing of it is lost. To go on: npm run ${command}`;
  if (exit !== exitCodes.inPlace) return `Not finished: ${done}. Once that is fixed, go on with: npm run ${command}`;
  if (changes === 0) return 'Nothing to do: the lab is as config.yaml says.';
  return `Done: ${done}. The lab is as config.yaml says.`;
}
