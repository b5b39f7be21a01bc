import { describe, expect, test } from 'vitest';
import { commandWorld } from './command-world.ts';

describe('lab:status', () => {
  test('shows machines, nodes, phases and credentials of a lab in place', async () => {
    const world = commandWorld();
    await world.type('up');
    const { exit, out } = await world.type('status');
    expect(exit).toBe(0);
    expect(out).toContain('  dev-s1  server  192.168.123.50  running');
    expect(out).toContainEqual(expect.stringMatching(/^ {2}dev-s1 {2}v1\.36\.4\+rke2r1 {2}Ready$/));
    expect(out).toContainEqual(expect.stringMatching(/^ {2}install-rke2 dev-s1 +in place$/));
    expect(out).toContainEqual(expect.stringMatching(/\/kubeconfig$/));
  });

  test('of a lab that is not there says so, with exit code 1', async () => {
    const { exit, out } = await commandWorld().type('status');
    expect(exit).toBe(1);
    expect(out).toContain('  dev-s1  server  192.168.123.50  absent');
    expect(out).toContain('  no cluster yet');
    expect(out).toContain('  none yet');
  });

  test('gives all of it as one JSON object', async () => {
    const { out } = await commandWorld().type('status', '--json');
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({ type: 'end', exit: 1, machines: { value: [] }, lab: 'dev' });
  });
});

describe('phase', () => {
  test('without a name lists the phases and their state', async () => {
    const { exit, out } = await commandWorld().type('phase');
    expect(exit).toBe(1);
    expect(out[0]).toMatch(/^PHASE +STATE +DOES$/);
    expect(out).toContainEqual(expect.stringMatching(/^check-host +in place +Check this computer$/));
    expect(out).toContainEqual(expect.stringMatching(/^create-machines +3 steps missing +Create the machines$/));
  });

  test('with a name runs that one', async () => {
    const world = commandWorld();
    const { exit, out } = await world.type('phase', 'create-machines');
    expect(exit).toBe(0);
    expect(out).toContainEqual(expect.stringMatching(/create-machines {2}done, 3 steps$/));
    expect(out).not.toContainEqual(expect.stringContaining('fetch-rke2'));
  });

  test('does not do for it what it needs', async () => {
    const { exit, err } = await commandWorld().type('phase', 'prepare-nodes');
    expect(exit).toBe(2);
    expect(err[0]).toMatch(/^Error: prepare-nodes needs create-machines, which is not in place/);
  });

  test('with --plan shows what is missing of that one', async () => {
    const { exit, out } = await commandWorld().type('phase', 'fetch-rke2', '--plan');
    expect(exit).toBe(1);
    expect(out[0]).toMatch(/^fetch-rke2 {2}download rke2\.linux-amd64\.tar\.gz/);
  });

  test('suggests the phase that a misspelt name most likely means', async () => {
    const { exit, err } = await commandWorld().type('phase', 'instal-rke');
    expect(exit).toBe(2);
    expect(err).toEqual(['Error: there is no phase "instal-rke"', '  To fix: npm run phase install-rke2']);
  });
});

describe('lab:stop and lab:start', () => {
  test('stop the machines of the lab, and start them again', async () => {
    const world = commandWorld();
    await world.type('up');
    expect(await world.type('stop')).toMatchObject({
      exit: 0,
      out: ['stop dev-s1 …', 'Stopped. To start again: npm run lab:start'],
    });
    expect((await world.type('status')).out).toContain('  dev-s1  server  192.168.123.50  stopped');
    expect(await world.type('stop')).toMatchObject({
      exit: 0,
      out: ['Nothing to stop: no machine of lab dev is running.'],
    });
    expect((await world.type('start', '--plan')).out).toEqual(['Would start dev-s1.']);
    expect((await world.type('start')).exit).toBe(0);
    expect((await world.type('up')).exit).toBe(0);
  });
});

describe('lab:rehearse', () => {
  test('ends with time and writes of each phase, the critical path, and a second run that does nothing', async () => {
    const { exit, out, err } = await commandWorld().type('rehearse');
    expect({ exit, err }).toEqual({ exit: 0, err: [] });
    expect(out).toContainEqual(expect.stringMatching(/^PHASE +STATE +TIME +CHANGED +WRITES$/));
    expect(out).toContainEqual(expect.stringMatching(/^fetch-rke2 +in place +\S+ +3 steps +3$/));
    expect(out).toContainEqual(expect.stringMatching(/^Critical path: check-host .* → install-rke2 dev-s1 \S+s$/));
    expect(out.at(-1)).toBe('What a second run would do: nothing (it was run: 0 writes).');
  });

  test('counts every write for a phase', async () => {
    const { out } = await commandWorld().type('rehearse', '--json');
    const end = JSON.parse(out.at(-1) ?? '');
    const { out: text } = await commandWorld().type('rehearse');
    const sum = text.flatMap((line) => /^[a-z0-9-]+ +in place .*steps? +(\d+)$/.exec(line)?.[1] ?? []);
    expect(sum.reduce((total, count) => total + Number(count), 0)).toBe(end.writes);
    expect(end.secondRun).toMatchObject({ changes: 0, writes: 0 });
  });

  test('leaves no lock and no folder behind', async () => {
    const world = commandWorld();
    await world.type('rehearse');
    expect((await world.type('down')).out).toEqual(['Nothing to remove: the lab owns nothing.']);
  });

  test('lists the faults that it can show', async () => {
    const { exit, out } = await commandWorld().type('rehearse', '--list-faults', '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({ faults: expect.any(Array) });
  });

  test('knows no other fault', async () => {
    const { exit, err } = await commandWorld().type('rehearse', '--fault', 'no-such-fault-at-all');
    expect(exit).toBe(2);
    expect(err[0]).toBe('Error: there is no fault "no-such-fault-at-all" to rehearse');
  });
});
