import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, Row } from './benchmark.ts';
import { node, typed } from './program.ts';
import { repeated, seconds } from './samples.ts';
import { inScratch } from './scratch.ts';

const RUNS = 11;
const BAD_CONFIG =
  'machines:\n  sise: dev\n  network: { subnet: 192.168.121.0/24 }\nfeatures: { storage: { class: 7 } }\n';

/** What a person waits for before anything happens. */
export const commandStart: Benchmark = {
  name: 'command-start',
  title: 'Start of a command',
  obstacle: async () => undefined,
  measure: async ({ runs = RUNS }) =>
    inScratch(async (folder) => {
      const config = join(folder, 'config.yaml');
      await writeFile(config, BAD_CONFIG);
      const bare: Row = { what: 'node, empty program', unit: 's', samples: await timed(runs, () => node(['-e', '0'])) };
      const help = await timed(runs, () => typed({ argv: ['lab.ts', '--help'], exit: 0 }));
      const refused = await timed(runs, () => typed({ argv: ['lab.ts', 'plan', '--config', config], exit: 2 }));
      const rows: readonly Row[] = [
        bare,
        { what: 'lab --help', unit: 's', samples: help, limit: 0.15, against: [bare] },
        { what: 'a bad config.yaml refused', unit: 's', samples: refused, limit: 0.5, against: [bare] },
      ];
      return { tables: [{ rows }], notes: [] };
    }),
};

/** The first run is not counted: it fills the caches of the disk. */
async function timed(runs: number, task: () => Promise<unknown>): Promise<readonly number[]> {
  await task();
  return repeated(runs, () => seconds(task));
}
