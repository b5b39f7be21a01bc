import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { definePhase } from '../../src/engine/phase.ts';
import { planUnits } from '../../src/engine/plan.ts';
import { unitsOf } from '../../src/engine/units.ts';
import { filesPhase, machinePhase, tinyLab, twoMachines } from './tiny-lab.ts';

async function planned(phases: Parameters<typeof unitsOf>[0], lab = tinyLab().lab) {
  const plans = await planUnits(lab, unitsOf(phases, twoMachines));
  return Object.fromEntries(plans.map(({ unit, result }) => [unit.name, result]));
}

describe('a plan', () => {
  test('names the missing steps, and changes nothing', async () => {
    const { lab, files } = tinyLab();
    const { one } = await planned([filesPhase({ name: 'one', paths: ['/a', '/b'] })], lab);
    expect(one).toMatchObject({ state: 'planned', steps: [{ title: 'write /a' }, { title: 'write /b' }] });
    expect(files.size).toBe(0);
  });

  test('does not guess what comes after something that is missing', async () => {
    const first = filesPhase({ name: 'first' });
    const { second } = await planned([filesPhase({ name: 'second', needs: { first } })]);
    expect(second).toMatchObject({ state: 'after', units: [{ name: 'first' }] });
  });

  test('looks at what comes after something in place, with its facts', async () => {
    const { lab, files } = tinyLab();
    files.set('dev-s1:/first', 'here');
    const first = filesPhase({ name: 'first' });
    const second = definePhase({
      ...filesPhase({ name: 'second' }),
      needs: { first },
      plan: async (_, __, needs) => needs.first.map((path: string) => ({ title: `copy ${path}` })),
    });
    expect(await planned([second], lab)).toMatchObject({
      first: { state: 'planned', steps: [] },
      second: { state: 'planned', steps: [{ title: 'copy /first' }] },
    });
  });

  test('shows machine by machine where the look failed', async () => {
    const error = new LabError('dev-s1 does not answer', 'ping dev-s1');
    const prepare = machinePhase('prepare', async (_, { name }) => {
      if (name === 'dev-s1') throw error;
      return [];
    });
    expect(await planned([prepare])).toEqual({
      'prepare dev-s1': { state: 'failed', error },
      'prepare dev-a1': { state: 'planned', steps: [] },
    });
  });

  test('says what is switched off', async () => {
    const off = definePhase({ ...filesPhase({ name: 'off' }), reads: () => undefined });
    expect(await planned([off])).toEqual({ off: { state: 'off' } });
  });
});
