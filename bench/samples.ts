/** The middle one; of an even number the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 0 ? (low + high) / 2 : high;
}

/** Seconds that a task takes. */
export async function seconds(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return (performance.now() - start) / 1000;
}

/** The samples of so many runs, one after the other. */
export async function repeated(runs: number, sample: () => Promise<number>): Promise<readonly number[]> {
  const samples: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- two at the same time would slow each other down
  for (let run = 0; run < runs; run += 1) samples.push(await sample());
  return samples;
}
