import { Listr, type DefaultRenderer, type ListrTask, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import type { Event, Outcome } from '../../engine/events.ts';
import type { AnyPhase } from '../../engine/phase.ts';
import type { Unit } from '../../engine/units.ts';
import { outcomeText } from './outcome-text.ts';
import { secondsText } from './seconds-text.ts';
import type { Show } from './show.ts';

type Task = ListrTaskWrapper<undefined, typeof DefaultRenderer, typeof SimpleRenderer>;
type TaskOf = ListrTask<undefined, typeof DefaultRenderer, typeof SimpleRenderer>;

/** The line above those of a phase of scope machine. */
interface Heading {
  task?: Task;
  readonly title: string;
  readonly lines: Line[];
}

/** A unit's line in the list. */
interface Line {
  readonly heading?: Heading;
  readonly unit: Unit;
  readonly title: string;
  readonly drawn: PromiseWithResolvers<void>;
  /** There once listr2 has come to the line, which may be after the unit's end. */
  task?: Task;
  startedAt?: number;
  /** What it does or waits for now. */
  now: string;
  end?: { readonly at: number; readonly outcome: Outcome };
}

/** The phases as a list, those of scope machine with a line a machine; below each what it does or waits for now. */
export function showList(units: readonly Unit[], signal: AbortSignal): Show {
  const all = linesOf(units);
  const lines = new Map(all.map((line) => [line.unit, line]));
  const list = new Listr<undefined>(tasksOf(all), {
    concurrent: true,
    exitOnError: false,
    // Ctrl-C is for the engine: a list that ends the program would cut a step in two.
    registerSignalListeners: false,
    rendererOptions: { showErrorMessage: false, collapseSkips: false, showSkipMessage: false, collapseSubtasks: false },
  });
  const drawn = list.run();
  const onStop = () => {
    for (const line of all)
      if (line.startedAt !== undefined) say(line, 'stopping after this step; Ctrl-C again = at once');
  };
  signal.addEventListener('abort', onStop, { once: true });
  return {
    onEvent: (event) => update(lines.get(event.unit), event),
    async end() {
      signal.removeEventListener('abort', onStop);
      await drawn;
    },
  };
}

function linesOf(units: readonly Unit[]): readonly Line[] {
  const headings = new Map<AnyPhase, Heading>();
  return units.map((unit) => {
    const { phase, node } = unit;
    const drawn = Promise.withResolvers<void>();
    if (!node) return { unit, title: phase.title, drawn, now: '' };
    const heading = headings.get(phase) ?? { title: phase.title, lines: [] };
    headings.set(phase, heading);
    const line: Line = { unit, title: node.name, drawn, now: '', heading };
    heading.lines.push(line);
    return line;
  });
}

function tasksOf(lines: readonly Line[]): TaskOf[] {
  const tops = new Set(lines.map((line) => line.heading ?? line));
  return [...tops].map((top) => ('lines' in top ? headingTask(top) : taskOf(top)));
}

function headingTask(heading: Heading): TaskOf {
  return {
    title: heading.title,
    task: (_, task) => {
      heading.task = task;
      return task.newListr(heading.lines.map(taskOf), { concurrent: true, exitOnError: false });
    },
  };
}

function taskOf(line: Line): TaskOf {
  return {
    title: line.title,
    task: (_, task) => {
      line.task = task;
      if (line.end) close(line, task, line.end);
      else say(line, line.now);
      return line.drawn.promise;
    },
  };
}

function update(line: Line | undefined, event: Event): void {
  if (!line) throw new Error(`${event.unit.name} is not in the list`);
  switch (event.type) {
    case 'started':
      line.startedAt = event.at;
      break;
    case 'step-started':
      say(line, event.title);
      break;
    case 'step-done':
      break;
    case 'waiting':
      say(line, `waiting: ${event.missing.map(({ title }) => title).join('; ')}`);
      break;
    case 'ended':
      line.end = event;
      if (line.task) close(line, line.task, event);
  }
}

function say(line: Line, now: string): void {
  line.now = now;
  if (line.task && !line.end) line.task.output = now;
}

function close(line: Line, task: Task, { at, outcome }: NonNullable<Line['end']>): void {
  const time = line.startedAt === undefined ? '' : ` (${secondsText(at - line.startedAt)})`;
  task.output = '';
  task.title = `${line.title}: ${outcomeText(outcome)}${time}`;
  if (outcome.state !== 'done' && outcome.state !== 'off') markHeading(line.heading);
  if (outcome.state === 'failed') line.drawn.reject(new Error(outcomeText(outcome)));
  else if (outcome.state !== 'done') task.skip();
  line.drawn.resolve();
}

/** listr2 ticks a heading off whatever happened below it. */
function markHeading(heading: Heading | undefined): void {
  if (!heading?.task) return;
  const count = (...states: readonly (Outcome['state'] | undefined)[]) =>
    heading.lines.filter(({ end }) => states.includes(end?.outcome.state)).length;
  const failed = count('failed');
  const what =
    failed > 0
      ? `${failed} of ${heading.lines.length} FAILED`
      : `${count('stopped', 'skipped')} of ${heading.lines.length} not done`;
  heading.task.title = `${heading.title}: ${what}`;
}
