import { Listr, type DefaultRenderer, type ListrTask, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import type { Event, Outcome } from '../../engine/events.ts';
import type { Unit } from '../../engine/units.ts';
import { outcomeText } from './outcome-text.ts';
import { secondsText } from './seconds-text.ts';
import type { Show } from './show.ts';

type Task = ListrTaskWrapper<undefined, typeof DefaultRenderer, typeof SimpleRenderer>;
type TaskOf = ListrTask<undefined, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A unit's line in the list. */
interface Line {
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
  const lines = new Map(units.map((unit) => [unit, lineOf(unit)]));
  const list = new Listr<undefined>(groupsOf([...lines.values()]), {
    concurrent: true,
    exitOnError: false,
    // Ctrl-C is for the engine: a list that ends the program would cut a step in two.
    registerSignalListeners: false,
    rendererOptions: { showErrorMessage: false, collapseSkips: false, showSkipMessage: false, collapseSubtasks: false },
  });
  const drawn = list.run();
  const onStop = () => {
    for (const line of lines.values()) if (line.startedAt !== undefined) say(line, 'stopping after this step');
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

function lineOf(unit: Unit): Line {
  const title = unit.node?.name ?? unit.phase.title;
  return { unit, title, drawn: Promise.withResolvers<void>(), now: '' };
}

function groupsOf(lines: readonly Line[]): TaskOf[] {
  return [...Map.groupBy(lines, ({ unit }) => unit.phase)].flatMap(([phase, group]) =>
    phase.scope === 'lab'
      ? group.map(taskOf)
      : [
          {
            title: phase.title,
            task: (_, task) => task.newListr(group.map(taskOf), { concurrent: true, exitOnError: false }),
          },
        ],
  );
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
  if (outcome.state === 'failed') line.drawn.reject(new Error(outcomeText(outcome)));
  else if (outcome.state !== 'done') task.skip();
  line.drawn.resolve();
}
