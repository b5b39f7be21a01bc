import type { Command } from '../command.ts';
import { changeMachines } from '../machines.ts';

/** Starts machines that were stopped; makes none. */
export const start: Command = (context) =>
  changeMachines(context, {
    verb: 'start',
    from: 'stopped',
    done: 'Started. To see whether all is in place: npm run lab:status',
    run: (provider, names, signal) => provider.up(names, signal),
  });
