import { beforeAll, describe, expect, it } from 'vitest';
import { Killed } from '../../src/rehearsal/session.ts';
import { errorsOf, isDone, rehearse, type Rehearsed } from '../harness.ts';
import { stateOf } from '../rehearsal/state-of.ts';

/** Seconds until the last effects of the last write have settled. */
const SETTLE_SECONDS = 120;

describe('all phases on three servers and an agent', () => {
  let whole: Rehearsed;
  let wanted: string;

  beforeAll(async () => {
    whole = rehearse();
    expect(errorsOf(await whole.run())).toEqual(new Map());
    await whole.lab.clock.wait(SETTLE_SECONDS);
    wanted = stateOf(whole.world);
  });

  it('go on to the same lab after they were killed after any write', async () => {
    const differing: string[] = [];
    for (let count = 1; count < whole.writes.length; count += 1) {
      const outcome = await killedAndRunAgain(count);
      if (outcome !== wanted) differing.push(`${count}: ${outcome}`);
    }
    expect(differing).toEqual([]);
  });
});

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
