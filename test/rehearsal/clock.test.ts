import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/rehearsal/clock.ts';

describe('the virtual clock', () => {
  it('jumps to the earliest moment that somebody waits for', async () => {
    const clock = virtualClock();
    const seen: string[] = [];
    const loop = async (name: string, seconds: number) => {
      for (let turn = 0; turn < 3; turn += 1) {
        await clock.wait(seconds);
        seen.push(`${name} ${clock.now()}`);
      }
    };
    await Promise.all([loop('slow', 100), loop('quick', 40)]);
    expect(seen).toEqual(['quick 40', 'quick 80', 'slow 100', 'quick 120', 'slow 200', 'slow 300']);
  });

  it('ends waits of the same moment in the order in which they began', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    await Promise.all([3, 1, 2].map((number) => clock.wait(5).then(() => seen.push(number))));
    expect(seen).toEqual([3, 1, 2]);
  });

  it('does not go on before all that can run has run', async () => {
    const clock = virtualClock();
    const waiting = clock.wait(10);
    let turns = 0;
    for (; turns < 1000; turns += 1) await Promise.resolve();
    expect(clock.now()).toBe(0);
    await waiting;
    expect(clock.now()).toBe(10);
  });

  it('rejects a wait with the reason of its signal, and does not move for it', async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = clock.wait(1000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(clock.wait(1, controller.signal)).rejects.toBe(reason);
    await clock.wait(1);
    expect(clock.now()).toBe(1);
  });

  it('stands still while nobody waits, whatever the world has planned', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    clock.at(5, () => seen.push(clock.now()));
    clock.at(50, () => seen.push(clock.now()));
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    await clock.wait(20);
    expect(seen).toEqual([5]);
  });
});
