import { describe, expect, it } from 'vitest';
import { Killed } from '../../src/rehearsal/session.ts';
import { errorsOf, isDone, rehearse } from '../harness.ts';
import { stateOf } from '../rehearsal/state-of.ts';

/** Seconds until the last effects of the last write have settled. */
const SETTLE_SECONDS = 120;
const SLICES = 4;
const SLICE_MILLISECONDS = 60_000;

describe('all phases on three servers and an agent', () => {
  const slices = Array.from({ length: SLICES }, (_, index) => index + 1);

  it.each(slices)(
    `go on to the same lab when they are killed after any write (every ${SLICES}th, from write %i on)`,
    async (first) => {
      const { writes, state } = await uninterrupted();
      const different: string[] = [];
      for (let count = first; count < writes; count += SLICES) {
        const got = await killedAndRunAgain(count);
        if (got !== state) different.push(`after write ${count}: ${got}`);
      }
      expect(different).toEqual([]);
    },
    SLICE_MILLISECONDS,
  );

  it('go on to the same lab when they are killed again and again', async () => {
    const { state } = await uninterrupted();
    const rehearsed = rehearse();
    let lab = rehearsed.lab;
    let reports = [];
    do {
      rehearsed.crashAfterWrite(7);
      reports = [...(await rehearsed.run(lab))];
      if (!isDone(reports)) lab = rehearsed.revive();
    } while ([...errorsOf(reports).values()].some((error) => error instanceof Killed));
    expect(errorsOf(reports)).toEqual(new Map());
    await lab.clock.wait(SETTLE_SECONDS);
    expect(stateOf(rehearsed.world)).toBe(state);
  });
});

async function uninterrupted(): Promise<{ readonly writes: number; readonly state: string }> {
  const rehearsed = rehearse();
  const reports = await rehearsed.run();
  if (!isDone(reports)) throw new AggregateError(errorsOf(reports).values());
  await rehearsed.lab.clock.wait(SETTLE_SECONDS);
  return { writes: rehearsed.writes.length, state: stateOf(rehearsed.world) };
}

async function killedAndRunAgain(count: number): Promise<string> {
  const rehearsed = rehearse();
  rehearsed.crashAfterWrite(count);
  const killed = await rehearsed.run();
  if (![...errorsOf(killed).values()].some((error) => error instanceof Killed)) return 'it was not killed';
  const lab = rehearsed.revive();
  const again = await rehearsed.run(lab);
  if (!isDone(again)) return `it did not end well: ${[...errorsOf(again)].join('; ')}`;
  await lab.clock.wait(SETTLE_SECONDS);
  return stateOf(rehearsed.world);
}
