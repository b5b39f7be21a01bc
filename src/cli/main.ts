import type { Context, Ending } from './command.ts';
import { commands } from './commands/index.ts';
import { watchInterrupts } from './interrupt.ts';
import { parseCommandLine, type CommandLine } from './options.ts';
import { processScreen, type Screen } from './screen.ts';
import { exitCodeOf, exitCodes, troublesOf } from './trouble.ts';

/** What the commands get from outside; tests give their own. */
export type World = Pick<Context, 'screen' | 'signal' | 'phases' | 'openLab'>;

/** Runs what was typed, in the real world, and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const screen = processScreen();
  const interrupt = watchInterrupts((line) => screen.isDrawn || screen.complain(line));
  try {
    process.exitCode = await runCommand(argv, {
      screen,
      signal: interrupt.signal,
      phases: async () => (await import('../phases/index.ts')).phases,
      openLab: async (config, place) => (await import('./open-lab.ts')).openConfiguredLab(config, place),
    });
  } finally {
    interrupt.dispose();
  }
}

/** The same in any world; returns the exit code. */
export async function runCommand(argv: readonly string[], world: World): Promise<number> {
  const isJson = argv.includes('--json');
  try {
    const line = parseCommandLine(argv);
    if (line.options.help || line.words.length === 0) return await help(world.screen);
    const ending = await run(line, world);
    if (isJson) world.screen.print(JSON.stringify({ type: 'end', exit: ending.exit, ...ending.result }));
    return ending.exit;
  } catch (error) {
    return fail(error, world, { isJson, isVerbose: argv.includes('--verbose') || argv.includes('-v') });
  }
}

async function run({ words: [name = '', ...words], options }: CommandLine, world: World): Promise<Ending> {
  const entry = commands.get(name);
  if (!entry) throw await unknownCommand(name);
  const command = await entry.load();
  return command({ ...world, options, words });
}

async function help(screen: Screen): Promise<number> {
  const { helpLines } = await import('./help.ts');
  for (const line of helpLines()) screen.print(line);
  return exitCodes.inPlace;
}

async function unknownCommand(name: string): Promise<Error> {
  const [{ LabError }, { nearest }] = await Promise.all([
    import('../engine/errors.ts'),
    import('../config/nearest.ts'),
  ]);
  const near = nearest(name, [...commands.keys()]);
  const script = commands.get(near ?? '')?.script;
  const fix = script ? `npm run ${script}` : `one of: ${[...commands.keys()].join(', ')}`;
  return new LabError(`there is no command ${JSON.stringify(name)}`, fix);
}

async function fail(
  error: unknown,
  { screen, signal }: World,
  { isJson, isVerbose }: { readonly isJson: boolean; readonly isVerbose: boolean },
): Promise<number> {
  const isStop = signal.aborted && error === signal.reason;
  const troubles = isStop ? [] : troublesOf(error);
  const exit = signal.aborted ? exitCodes.stopped : exitCodeOf(troubles);
  if (isJson) screen.print(JSON.stringify({ type: 'end', exit, errors: troubles }));
  if (isJson) return exit;
  const { tell } = await import('./tell.ts');
  for (const trouble of troubles) for (const line of tell(trouble, isVerbose)) screen.complain(line);
  if (isStop) screen.complain('Stopped.');
  return exit;
}
