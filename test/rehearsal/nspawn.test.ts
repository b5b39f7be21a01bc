import { expect, test } from 'vitest';
import { errorsOf, FOUR_MACHINES, isDone, rehearse } from '../harness.ts';

test('a lab of containers is rehearsed to its end on a computer without KVM, and found in place', async () => {
  const config = FOUR_MACHINES.replace('machines:', 'machines:\n  provider: nspawn');
  const rehearsed = rehearse({ config, fault: 'no-kvm' });
  const reports = await rehearsed.run();
  expect(errorsOf(reports)).toEqual(new Map());
  expect(isDone(reports)).toBe(true);
  expect((await rehearsed.plan()).map(({ result }) => result)).toEqual(
    reports.map(() => ({ state: 'planned', steps: [] })),
  );
  expect(rehearsed.lab.provider.kind).toBe('nspawn');
});
