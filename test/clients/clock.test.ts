import { expect, test } from 'vitest';
import { systemClock } from '../../src/clients/clock.ts';
import { failure } from './ssh-lab.ts';

test('time passes in seconds', async () => {
  const start = systemClock.now();
  await systemClock.wait(0.02);
  const passed = systemClock.now() - start;
  expect(passed).toBeGreaterThan(0.015);
  expect(passed).toBeLessThan(10);
});

test('a wait ends with the reason of its signal, before and while it waits', async () => {
  const reason = new Error('stopped');
  expect(await failure(systemClock.wait(1000, AbortSignal.abort(reason)))).toBe(reason);
  const stop = new AbortController();
  const waiting = systemClock.wait(1000, stop.signal);
  stop.abort(reason);
  expect(await failure(waiting)).toBe(reason);
});
