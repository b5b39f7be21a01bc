import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Wanted } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { tableLines } from './table.ts';

/** `npm run bench [-- NAME…] [--runs N] [--machines 3,20]`: measures and prints tables; no figure is a failure. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string' }, machines: { type: 'string' } },
  });
  const chosen = positionals.length === 0 ? benchmarks : positionals.map(benchmarkNamed);
  const wanted: Wanted = {
    ...(values.runs !== undefined && { runs: counted(values.runs) }),
    ...(values.machines !== undefined && { machines: values.machines.split(',').map(counted) }),
    say: (line) => console.error(line),
  };
  const model = cpus()[0]?.model ?? 'unknown processor';
  console.log(`${cpus().length} cores (${model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`);
  // oxlint-disable-next-line no-await-in-loop -- one at a time, or they would slow each other down
  for (const benchmark of chosen) for (const line of await reportOf(benchmark, wanted)) console.log(line);
}

async function reportOf(benchmark: Benchmark, wanted: Wanted): Promise<readonly string[]> {
  const title = ['', `${benchmark.title} (${benchmark.name})`];
  const obstacle = await benchmark.obstacle();
  if (obstacle !== undefined) return [...title, `skipped: ${obstacle}`];
  const { tables, notes } = await benchmark.measure(wanted);
  return [...title, ...tables.flatMap(tableLines), ...notes.map((note) => `Note: ${note}`)];
}

function benchmarkNamed(name: string): Benchmark {
  const found = benchmarks.find((benchmark) => benchmark.name === name);
  if (!found) throw new Error(`there is no benchmark ${name}; one of: ${benchmarks.map((one) => one.name).join(', ')}`);
  return found;
}

function counted(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`expected a number from 1 on, got ${text}`);
  return number;
}

await main();
