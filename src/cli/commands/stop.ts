import type { Command } from '../command.ts';
import { changeMachines } from '../machines.ts';

/** Stops the machines of the lab; their disks stay. */
export const stop: Command = (context) =>
  changeMachines(context, {
    verb: 'stop',
    from: 'running',
    done: 'Stopped. To start again: npm run lab:start',
    run: (provider, names, signal) => provider.stop(names, signal),
  });
