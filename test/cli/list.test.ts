import { expect, onTestFinished, test, vi } from 'vitest';
import { showList } from '../../src/cli/show/list.ts';
import { LabError } from '../../src/engine/errors.ts';
import { definePhase } from '../../src/engine/phase.ts';
import { runUnits } from '../../src/engine/run.ts';
import { unitsOf } from '../../src/engine/units.ts';
import { filesPhase, machinePhase, tinyLab, twoMachines } from '../engine/tiny-lab.ts';

test('on a terminal each phase is a line of a list, with one below it for each machine, and how it ended', async () => {
  vi.stubEnv('LISTR_FORCE_TTY', '1');
  const drawn: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    drawn.push(String(text));
    return true;
  });
  onTestFinished(() => {
    stdout.mockRestore();
    vi.unstubAllEnvs();
  });
  const { lab } = tinyLab();
  const prepare = machinePhase('prepare', async (_, { name }) => {
    if (name === 'dev-a1') throw new LabError('no answer', 'ping');
    return [];
  });
  const off = definePhase({ ...filesPhase({ name: 'storage' }), reads: () => undefined });
  const units = unitsOf([filesPhase({ name: 'fetch' }), prepare, off], twoMachines);
  const { signal } = new AbortController();
  const show = showList(units, signal);
  await runUnits({ lab, units, signal, onEvent: show.onEvent });
  await show.end();
  stdout.mockRestore();
  // oxlint-disable-next-line no-control-regex -- colours
  const text = drawn.join('').replaceAll(/\u001B\[[0-9;?]*[A-Za-z]/g, '');
  expect(text).toContain('fetch: done, 1 step');
  expect(text).toContain('dev-s1: in place');
  expect(text).toContain('dev-a1: FAILED');
  expect(text).toContain('prepare: 1 of 2 FAILED');
  expect(text).toContain('storage: off');
});
