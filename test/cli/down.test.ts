import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Lab } from '../../src/lab.ts';
import { commandWorld } from './command-world.ts';

describe('lab:down', () => {
  test('lists what the lab owns, asks, removes it, and leaves nothing', async () => {
    const world = commandWorld();
    await world.type('up');
    world.answer = true;
    const { exit, out } = await world.type('down');
    expect(exit).toBe(0);
    expect(out).toContain('  machine dev-s1');
    expect(out).toContain('  context rke2-lab-dev of your kubeconfig');
    expect(out.at(-1)).toBe('Removed. Nothing of lab dev is left.');
    expect(existsSync(join(world.folder, '.lab/dev'))).toBe(false);
    expect(await world.type('down')).toMatchObject({ exit: 0, out: ['Nothing to remove: the lab owns nothing.'] });
  });

  test('removes nothing when the answer is no', async () => {
    const world = commandWorld();
    await world.type('up');
    world.answer = false;
    expect((await world.type('down')).exit).toBe(130);
    world.answer = undefined;
    expect((await world.type('plan')).exit).toBe(0);
  });

  test('refuses without a terminal, unless --yes is given', async () => {
    const world = commandWorld();
    await world.type('up');
    const refused = await world.type('down');
    expect(refused.exit).toBe(2);
    expect(refused.err).toEqual([
      'Error: nothing removed: there is no terminal to ask on',
      '  To fix: npm run lab:down -- --yes',
    ]);
    expect((await world.type('plan')).exit).toBe(0);
    expect((await world.type('down', '--yes')).exit).toBe(0);
    expect((await world.type('plan')).exit).toBe(1);
  });

  test('with --plan only lists', async () => {
    const world = commandWorld();
    await world.type('up');
    const { exit, out } = await world.type('down', '--plan');
    expect(exit).toBe(1);
    expect(out).toContain('  machine dev-s1');
    expect((await world.type('plan')).exit).toBe(0);
  });

  test('keeps the keys while a machine is left, and says which', async () => {
    const deaf = (lab: Lab): Lab => ({ ...lab, provider: { ...lab.provider, remove: async () => {} } });
    const world = commandWorld({ lab: deaf });
    await world.type('up');
    const { exit, err } = await world.type('down', '--yes');
    expect(exit).toBe(2);
    expect(err[0]).toMatch(/^Error: could not remove machine dev-s1/);
    expect(existsSync(join(world.folder, '.lab/dev'))).toBe(true);
  });

  test('of a lab that never was removes its empty remains only', async () => {
    const world = commandWorld();
    mkdirSync(join(world.folder, '.lab/dev/reports'), { recursive: true });
    mkdirSync(join(world.folder, '.lab/other'), { recursive: true });
    writeFileSync(join(world.folder, '.lab/dev/token'), 'x');
    const { exit, out } = await world.type('down', '--yes');
    expect(exit).toBe(0);
    expect(out[1]).toBe(`  directory ${world.folder}/.lab/dev with reports/, token`);
    expect(existsSync(join(world.folder, '.lab/dev'))).toBe(false);
    expect(existsSync(join(world.folder, '.lab/other'))).toBe(true);
  });
});
