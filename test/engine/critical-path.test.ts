import { expect, test } from 'vitest';
import { criticalPath } from '../../src/engine/critical-path.ts';
import { definePhase, type AnyPhase } from '../../src/engine/phase.ts';
import { filesPhase, run, tinyLab } from './tiny-lab.ts';

function lasting(name: string, seconds: number, needs: Record<string, AnyPhase> = {}) {
  return definePhase({
    ...filesPhase({ name, needs }),
    async plan(lab) {
      const machine = lab.machine('dev-s1');
      const work = async () => {
        await lab.clock.wait(seconds);
        await machine.writeFile(`/${name}`, { content: '' });
      };
      return (await machine.readFile(`/${name}`)) ? [] : [{ title: `do ${name}`, run: work }];
    },
  });
}

test('the critical path is the chain of needs that ended last', async () => {
  const { lab, clock } = tinyLab();
  const host = lasting('host', 1);
  const machines = lasting('machines', 30, { host });
  const download = lasting('download', 50, { host });
  const aside = lasting('aside', 60);
  const install = lasting('install', 20, { machines, download });
  const { reports } = await run({ lab, phases: [install, aside] });
  expect(criticalPath(reports).map(({ unit }) => unit.name)).toEqual(['host', 'download', 'install']);
  expect(clock.now()).toBe(71);
});

test('a run without units has no critical path', () => {
  expect(criticalPath([])).toEqual([]);
});
