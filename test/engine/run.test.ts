import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { definePhase } from '../../src/engine/phase.ts';
import { filesPhase, machinePhase, run, tinyLab, twoMachines } from './tiny-lab.ts';

const done = (changes: number) => ({ state: 'done', changes });

describe('a run', () => {
  test('does the missing steps one after the other, first things first', async () => {
    const { lab, files } = tinyLab();
    const { steps, outcomes } = await run({ lab, phases: [filesPhase({ name: 'one', paths: ['/a', '/b', '/c'] })] });
    expect(steps).toEqual(['write /a', 'write /b', 'write /c']);
    expect(outcomes).toEqual({ one: done(3) });
    expect([...files.keys()]).toEqual(['dev-s1:/a', 'dev-s1:/b', 'dev-s1:/c']);
  });

  test('changes nothing where all is in place', async () => {
    const { lab } = tinyLab();
    const phases = [filesPhase({ name: 'one', paths: ['/a', '/b'] })];
    await run({ lab, phases });
    const second = await run({ lab, phases });
    expect(second.steps).toEqual([]);
    expect(second.outcomes).toEqual({ one: done(0) });
  });

  test('goes on where an earlier one was interrupted, and does nothing twice', async () => {
    const { lab, files } = tinyLab();
    files.set('dev-s1:/a', 'here');
    const { steps } = await run({ lab, phases: [filesPhase({ name: 'one', paths: ['/a', '/b', '/c'] })] });
    expect(steps).toEqual(['write /b', 'write /c']);
  });

  test('starts a phase when its needs are done, in whatever order the list has them', async () => {
    const { lab } = tinyLab();
    const first = filesPhase({ name: 'first' });
    const second = filesPhase({ name: 'second', needs: { before: first } });
    const { steps } = await run({ lab, phases: [second, first] });
    expect(steps).toEqual(['write /first', 'write /second']);
  });

  test('runs what is independent at the same time', async () => {
    const { lab, clock } = tinyLab();
    const slow = (name: string) =>
      machinePhase(name, async (through, node) => {
        const file = await through.machine(node.name).readFile(`/${name}`);
        const work = async () => {
          await through.clock.wait(10);
          await through.machine(node.name).writeFile(`/${name}`, { content: '' });
        };
        return file ? [] : [{ title: `write /${name} on ${node.name}`, run: work }];
      });
    await run({ lab, phases: [slow('one'), slow('two')] });
    expect(clock.now()).toBe(10);
  });

  test('lets the other machines go on when one fails, and leaves out only what needs that one', async () => {
    const { lab } = tinyLab();
    const error = new LabError('could not write /p on dev-s1', 'df -h');
    const prepare = machinePhase('prepare', async (through, { name }) => {
      if (name === 'dev-s1') throw error;
      const file = await through.machine(name).readFile('/p');
      const write = () => through.machine(name).writeFile('/p', { content: '' });
      return file ? [] : [{ title: `write /p on ${name}`, run: write }];
    });
    const after = definePhase({
      ...machinePhase('after', async () => []),
      needs: { same: prepare },
    });
    const { outcomes } = await run({ lab, phases: [after] });
    expect(outcomes).toMatchObject({
      'prepare dev-s1': { state: 'failed', error },
      'prepare dev-a1': done(1),
      'after dev-s1': { state: 'skipped', because: [{ name: 'prepare dev-s1' }] },
      'after dev-a1': done(0),
    });
  });

  test('passes on the facts by role: of the same machine, of all machines by name, of the lab', async () => {
    const { lab } = tinyLab();
    const machines = machinePhase('machines', async () => []);
    const files = filesPhase({ name: 'files', paths: [] });
    const seen: unknown[] = [];
    const perMachine = definePhase({
      name: 'per-machine',
      title: 'Per machine',
      scope: 'machine',
      needs: { machine: machines, files },
      reads: (_, node) => node,
      writes: [],
      plan: async (_, node, needs) => {
        const { address }: { readonly address: string } = needs.machine;
        seen.push([node.name, address, needs.files]);
        return [];
      },
    });
    const whole = definePhase({
      name: 'whole',
      title: 'Whole',
      scope: 'lab',
      needs: { all: machines, last: perMachine },
      reads: () => ({}),
      writes: [],
      plan: async (_, __, { all }) => {
        seen.push(all.get('dev-a1')?.address, all.size);
        return [];
      },
    });
    await run({ lab, phases: [whole] });
    expect(seen).toEqual([['dev-s1', '192.168.123.50', []], ['dev-a1', '192.168.123.60', []], '192.168.123.60', 2]);
  });

  test('does not ask a phase that is switched off', async () => {
    const { lab } = tinyLab();
    const off = definePhase({ ...filesPhase({ name: 'off' }), reads: () => undefined });
    const { outcomes, steps } = await run({ lab, phases: [off] });
    expect({ outcomes, steps }).toEqual({ outcomes: { off: { state: 'off' } }, steps: [] });
  });

  test('fails a phase whose need is switched off, and says what to edit', async () => {
    const { lab } = tinyLab();
    const storage = definePhase({ ...filesPhase({ name: 'storage' }), reads: () => undefined });
    const { outcomes } = await run({ lab, phases: [filesPhase({ name: 'spire', needs: { storage } })] });
    expect(outcomes['spire']).toMatchObject({
      state: 'failed',
      error: {
        message: 'spire needs storage, which is switched off in config.yaml',
        fix: 'switch storage on in config.yaml, or spire off',
      },
    });
  });

  test('of one phase checks what it needs and runs only that one', async () => {
    const { lab, files } = tinyLab();
    const first = filesPhase({ name: 'first' });
    const second = filesPhase({ name: 'second', needs: { first } });
    const before = await run({ lab, phases: [second], only: 'second' });
    expect(before.steps).toEqual([]);
    expect(before.outcomes).toMatchObject({
      first: {
        state: 'failed',
        error: { message: expect.stringContaining('would write /first'), fix: 'npm run lab:up' },
      },
      second: { state: 'skipped' },
    });
    files.set('dev-s1:/first', 'here');
    const after = await run({ lab, phases: [second], only: 'second' });
    expect(after.steps).toEqual(['write /second']);
  });

  test('reports what is no trouble of the lab as it was thrown', async () => {
    const { lab } = tinyLab();
    const bug = new TypeError('undefined is not a machine');
    const broken = machinePhase('broken', async () => {
      throw bug;
    });
    const { outcomes } = await run({ lab, phases: [broken] });
    expect(outcomes['broken dev-s1']).toMatchObject({ state: 'failed', error: bug });
  });

  test('takes its units in the order of their needs only', async () => {
    const { lab } = tinyLab();
    const { runUnits } = await import('../../src/engine/run.ts');
    const { unitsOf } = await import('../../src/engine/units.ts');
    const phases = [filesPhase({ name: 'second', needs: { first: filesPhase({ name: 'first' }) } })];
    const units = unitsOf(phases, twoMachines).toReversed();
    const bad = runUnits({ lab, units, signal: new AbortController().signal, onEvent: () => {} });
    await expect(bad).rejects.toThrow('first is needed, but comes later');
  });
});
