import type { ProvidedMachine, Provider } from '../lab.ts';
import type { Context, Ending } from './command.ts';
import { withLab } from './session.ts';
import { exitCodes } from './trouble.ts';

interface MachineChange {
  readonly verb: string;
  /** State of the machines that it is for. */
  readonly from: ProvidedMachine['state'];
  /** Last line. */
  readonly done: string;
  run(provider: Provider, names: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Stops or starts the machines that carry the lab's mark. */
export function changeMachines(context: Context, { verb, from, done, run }: MachineChange): Promise<Ending> {
  const { options, screen, signal } = context;
  const say = (line: string) => options.json || screen.print(line);
  return withLab(context, { to: options.plan ? 'look' : 'change' }, async ({ lab }) => {
    const machines = await lab.provider.list();
    const names = machines.filter(({ state, owner }) => state === from && owner === 'lab').map(({ name }) => name);
    if (names.length === 0) {
      say(`Nothing to ${verb}: no machine of lab ${lab.name} is ${from}.`);
      return { exit: exitCodes.inPlace, result: { machines: names } };
    }
    if (options.plan) {
      say(`Would ${verb} ${names.join(', ')}.`);
      return { exit: exitCodes.missing, result: { machines: names } };
    }
    say(`${verb} ${names.join(', ')} …`);
    await run(lab.provider, names, signal);
    say(done);
    return { exit: exitCodes.inPlace, result: { machines: names } };
  });
}
