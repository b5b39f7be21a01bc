import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { definePhase } from '../../src/engine/phase.ts';
import { filesPhase, machinePhase, objectPhase, run, tinyLab } from './tiny-lab.ts';

describe('a wait', () => {
  test('ends when what was looked at changes, without looking in between', async () => {
    const { lab, clock, put, looks, watches } = tinyLab();
    clock.at(42, () => put('ready'));
    const { outcomes, events } = await run({ lab, phases: [objectPhase('ready')] });
    expect(outcomes).toEqual({ ready: { state: 'done', changes: 0 } });
    expect(clock.now()).toBe(42);
    expect(looks.kube).toBe(2);
    expect(watches.size).toBe(0);
    expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
  });

  test('looks again after a minute of silence, should the watch have gone deaf', async () => {
    const { lab, clock, looks, put, watches } = tinyLab();
    clock.at(30, () => {
      watches.clear();
      put('ready');
    });
    const { outcomes } = await run({ lab, phases: [objectPhase('ready')] });
    expect(outcomes).toMatchObject({ ready: { state: 'done' } });
    expect({ now: clock.now(), looks: looks.kube }).toEqual({ now: 60, looks: 2 });
  });

  test('looks again, less and less often, at what has no watch', async () => {
    const { lab, clock, files, looks } = tinyLab();
    const booted = machinePhase('booted', async (through, { name }) => {
      if (name !== 'dev-s1') return [];
      return (await through.machine(name).readFile('/booted')) ? [] : [{ title: `wait for ${name}` }];
    });
    clock.at(100, () => void files.set('dev-s1:/booted', ''));
    const { outcomes } = await run({ lab, phases: [booted] });
    expect(outcomes).toMatchObject({ 'booted dev-s1': { state: 'done' } });
    expect(clock.now()).toBeGreaterThanOrEqual(100);
    expect(clock.now()).toBeLessThanOrEqual(110);
    expect(looks.machine).toBeLessThan(20);
  });

  test('that does not end is an error with what is missing, after how long, and the hint', async () => {
    const { lab, clock } = tinyLab();
    const { outcomes } = await run({ lab, phases: [objectPhase('ready', 120)] });
    expect(outcomes['ready']).toMatchObject({
      state: 'failed',
      error: {
        message: 'ready: still missing after 120 s without progress: wait for ConfigMap ready',
        fix: 'kubectl get configmap ready',
      },
    });
    expect(clock.now()).toBe(120);
  });

  test('begins anew when what is missing has changed: that is progress', async () => {
    const { lab, clock, put } = tinyLab();
    const two = definePhase({
      ...objectPhase('two', 100),
      async plan(through) {
        const objects = await through.kube.list({ apiVersion: 'v1', kind: 'ConfigMap' });
        return objects.length === 2 ? [] : [{ title: `wait for ${2 - objects.length} more` }];
      },
    });
    clock.at(90, () => put('one'));
    clock.at(180, () => put('two'));
    const { outcomes } = await run({ lab, phases: [two] });
    expect(outcomes).toMatchObject({ two: { state: 'done' } });
    expect(clock.now()).toBe(180);
  });

  test('is not prolonged for ever by reasons that come and go', async () => {
    const { lab, clock } = tinyLab();
    const flapping = machinePhase('flapping', async (through, { name }) => {
      await through.machine(name).readFile('/any');
      return [{ title: `wait for ${name} (reason ${Math.floor(clock.now() / 20) % 2})` }];
    });
    const { outcomes } = await run({ lab, phases: [definePhase({ ...flapping, within: 100 })] });
    expect(outcomes).toMatchObject({ 'flapping dev-s1': { state: 'failed' } });
    expect(clock.now()).toBeLessThan(140);
  });

  test('for another machine ends at once where that machine failed, and blames it', async () => {
    const { lab, clock } = tinyLab();
    const joined = machinePhase('joined', async (through, { name }) => {
      await through.machine(name).readFile('/any');
      if (name === 'dev-a1') return [{ title: 'wait for dev-s1', waitsFor: 'dev-s1' }];
      if (clock.now() >= 10) throw new LabError('dev-s1 is broken', 'mend it');
      return [{ title: 'wait for the disk' }];
    });
    const { outcomes } = await run({ lab, phases: [joined] });
    expect(outcomes).toMatchObject({
      'joined dev-s1': { state: 'failed' },
      'joined dev-a1': { state: 'skipped', because: [{ name: 'joined dev-s1' }] },
    });
    expect(clock.now()).toBeLessThan(30);
  });

  test('is shorter where not even the first look succeeded: that is rarely a thing that passes', async () => {
    const { lab, clock } = tinyLab();
    const refused = machinePhase('refused', async (through, { name }) => {
      await through.machine(name).readFile('/any');
      throw new LabError(`could not log in to ${name}`, 'ssh', { transient: true });
    });
    const { outcomes } = await run({ lab, phases: [definePhase({ ...refused, within: 900 })] });
    expect(outcomes).toMatchObject({
      'refused dev-s1': { state: 'failed', error: { message: 'refused dev-s1: could not look for 120 s' } },
    });
    expect(clock.now()).toBeLessThan(140);
  });

  test('bears an error that may pass by itself', async () => {
    const { lab, clock } = tinyLab();
    const blinking = machinePhase('blinking', async (through, { name }) => {
      await through.machine(name).readFile('/any');
      if (clock.now() < 20) throw new LabError('the API restarts', 'wait', { transient: true });
      return [];
    });
    const { outcomes, events } = await run({ lab, phases: [blinking] });
    expect(outcomes).toMatchObject({ 'blinking dev-s1': { state: 'done' } });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'waiting', missing: [{ title: 'the API restarts' }] }),
    );
  });

  test('for an error that does not pass ends with that error as the cause', async () => {
    const { lab } = tinyLab();
    const cause = new LabError('the API restarts', 'systemctl status rke2-server', { transient: true });
    const down = definePhase({
      ...objectPhase('down', 60),
      plan: async () => {
        throw cause;
      },
    });
    const { outcomes } = await run({ lab, phases: [down] });
    expect(outcomes['down']).toMatchObject({
      state: 'failed',
      error: { message: 'down: could not look for 60 s', fix: 'systemctl status rke2-server', cause },
    });
  });

  test('is not for an error that will not pass: it ends the unit at once', async () => {
    const { lab, clock } = tinyLab();
    const error = new LabError('the host key has changed', 'ssh-keygen -R dev-s1');
    const refused = machinePhase('refused', async () => {
      throw error;
    });
    const { outcomes } = await run({ lab, phases: [refused] });
    expect(outcomes['refused dev-s1']).toMatchObject({ state: 'failed', error });
    expect(clock.now()).toBe(0);
  });
});

describe('a step', () => {
  test('that was done three times and is still missing is an error, not a circle', async () => {
    const { lab } = tinyLab();
    const undone = definePhase({
      ...filesPhase({ name: 'undone' }),
      plan: async () => [{ title: 'write /etc/motd', run: async () => {} }],
    });
    const { outcomes, steps } = await run({ lab, phases: [undone] });
    expect(steps).toEqual(['write /etc/motd', 'write /etc/motd', 'write /etc/motd']);
    expect(outcomes['undone']).toMatchObject({
      state: 'failed',
      changes: 3,
      error: { message: 'undone: "write /etc/motd" was done 3 times and is still missing' },
    });
  });

  test('that fails ends its unit with its own error', async () => {
    const { lab } = tinyLab();
    const error = new LabError('no space left on dev-s1', 'df -h');
    const failing = definePhase({
      ...filesPhase({ name: 'failing' }),
      plan: async () => [
        {
          title: 'write /big',
          run: async () => {
            throw error;
          },
        },
      ],
    });
    const { outcomes } = await run({ lab, phases: [failing] });
    expect(outcomes['failing']).toMatchObject({ state: 'failed', changes: 0, error });
  });
});

describe('a stop', () => {
  const stoppable = (onStart: () => void) =>
    definePhase({
      ...filesPhase({ name: 'long' }),
      plan: async (lab) => [
        {
          title: 'work for an hour',
          run: async (signal) => {
            onStart();
            await lab.clock.wait(3600, signal);
          },
        },
      ],
    });

  test('aborts the signal of the running step and leaves out what comes after', async () => {
    const { lab, clock } = tinyLab();
    const stop = new AbortController();
    const long = stoppable(() => clock.at(5, () => stop.abort(new Error('Ctrl-C'))));
    const next = filesPhase({ name: 'next', needs: { long } });
    const { outcomes } = await run({ lab, phases: [next], signal: stop.signal });
    expect(outcomes).toMatchObject({ long: { state: 'stopped', changes: 0 }, next: { state: 'skipped' } });
    expect(clock.now()).toBe(5);
  });

  test('ends a wait', async () => {
    const { lab, clock, watches } = tinyLab();
    const stop = new AbortController();
    clock.at(7, () => stop.abort(new Error('Ctrl-C')));
    const { outcomes } = await run({ lab, phases: [objectPhase('never')], signal: stop.signal });
    expect(outcomes).toEqual({ never: { state: 'stopped', changes: 0 } });
    expect({ now: clock.now(), watches: watches.size }).toEqual({ now: 7, watches: 0 });
  });

  test('before the start lets nothing begin', async () => {
    const { lab } = tinyLab();
    const { steps, outcomes } = await run({ lab, phases: [filesPhase({ name: 'one' })], signal: AbortSignal.abort() });
    expect({ steps, outcomes }).toEqual({ steps: [], outcomes: { one: { state: 'stopped', changes: 0 } } });
  });
});
