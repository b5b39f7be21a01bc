import type { MachineState } from '../machine-state.ts';
import { notModelled, succeeded, type Program } from '../program.ts';
import { unitName } from '../units.ts';

/** `journalctl -u UNIT -n LINES --no-pager -o cat` */
export const journalctl: Program<MachineState> = {
  name: 'journalctl',
  changes: () => false,
  call: ({ on, args }) => {
    const [option, unit = '', count, lines = '', ...rest] = args;
    if (option !== '-u' || count !== '-n' || !/^\d+$/.test(lines) || rest.join(' ') !== '--no-pager -o cat')
      throw notModelled('journalctl', args);
    const journal = on.journal.get(unitName(unit)) ?? [];
    return succeeded(
      journal
        .slice(-Number(lines))
        .map((line) => `${line}\n`)
        .join(''),
    );
  },
};
