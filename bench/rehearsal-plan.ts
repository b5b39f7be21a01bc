import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Benchmark, Row } from './benchmark.ts';
import { node, typed } from './program.ts';
import { repeated, seconds } from './samples.ts';
import { inScratch } from './scratch.ts';

const RUNS = 5;
const FINISHED_LAB = fileURLToPath(new URL('./rehearsal-plan/finished-lab.ts', import.meta.url));
const MOST_SECONDS = 2;
const MOST_MEGABYTES = 300;

/** 3 servers and 97 agents. */
const CONFIG = `machines:
  size: hundred
  sizes:
    hundred:
      servers: { count: 3, dataDisk: 10 }
      agents: { count: 97, dataDisk: 10 }
`;

/** What the engine itself costs: a lab in memory answers at once. */
export const rehearsalPlan: Benchmark = {
  name: 'rehearsal-plan',
  title: 'A lab of 100 machines in memory',
  obstacle: async () => undefined,
  measure: async ({ runs = RUNS, say }) =>
    inScratch(async (folder) => {
      const config = join(folder, 'config.yaml');
      await writeFile(config, CONFIG);
      const command = await repeated(runs, () =>
        seconds(() => typed({ argv: ['lab.ts', 'rehearse', '--plan', '--config', config], exit: 1 })),
      );
      say('rehearsal-plan: bringing up the lab in memory');
      const finished: Finished[] = [];
      // oxlint-disable-next-line no-await-in-loop -- two at the same time would slow each other down
      for (let run = 0; run < runs; run += 1) finished.push(JSON.parse(await node([FINISHED_LAB, config])));
      return { tables: [{ rows: rowsOf(command, finished) }], notes: [] };
    }),
};

/** What the program of `FINISHED_LAB` prints. */
interface Finished {
  readonly upSeconds: number;
  readonly planSeconds: number;
  readonly peakMegabytes: number;
}

function rowsOf(command: readonly number[], finished: readonly Finished[]): readonly Row[] {
  const of = (key: keyof Finished) => finished.map((one) => one[key]);
  return [
    { what: 'lab:rehearse --plan, whole command', unit: 's', samples: command, limit: MOST_SECONDS },
    { what: 'all phases from nothing', unit: 's', samples: of('upSeconds') },
    { what: 'plan of all phases once all is in place', unit: 's', samples: of('planSeconds'), limit: MOST_SECONDS },
    { what: 'memory at the most, all of it', unit: 'MB', samples: of('peakMegabytes'), limit: MOST_MEGABYTES },
  ];
}
