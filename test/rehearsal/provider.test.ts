import { describe, expect, it } from 'vitest';
import { openFour } from './installed.ts';

describe('the rehearsed provider', () => {
  it('makes machines at the same time, and starts stopped ones with their disks', async () => {
    const { lab, clock, world } = openFour();
    await lab.provider.up(['dev-s1', 'dev-s2', 'dev-s3', 'dev-a1']);
    expect(clock.now()).toBeLessThan(60);
    world.machines.get('dev-s1')?.files.write('/opt/kept', { content: 'a' });
    await lab.provider.stop(['dev-s1']);
    expect(await lab.provider.list()).toContainEqual({ name: 'dev-s1', state: 'stopped', owner: 'lab', differs: [] });
    await lab.provider.up(['dev-s1']);
    expect(await lab.provider.list()).toContainEqual({ name: 'dev-s1', state: 'running', owner: 'lab', differs: [] });
    expect(world.machines.get('dev-s1')?.files.read('/opt/kept')?.content).toBe('a');
    expect(world.machines.get('dev-s1')?.files.read('/proc/sys/kernel/random/boot_id')?.content).toContain('boot-2');
  });

  it('removes what carries the mark of the lab, and nothing else', async () => {
    const { lab, world } = openFour();
    await lab.provider.up(['dev-s1', 'dev-s2']);
    const foreign = world.create('dev-a1');
    foreign.owner = 'foreign';
    const owned = await lab.provider.owned();
    expect(owned.filter(({ kind }) => kind === 'machine').map(({ name }) => name)).toEqual(['dev-s1', 'dev-s2']);
    await lab.provider.remove(owned);
    expect(await lab.provider.owned()).toEqual([]);
    expect([...world.machines.keys()]).toEqual(['dev-a1']);
    expect(world.host.networks.map(({ name }) => name)).toEqual(['default']);
    await expect(lab.provider.remove([{ kind: 'machine', name: 'dev-a1' }])).rejects.toThrow("dev-a1 is not the lab's");
  });

  it('does not take over a machine of somebody else', async () => {
    const { lab, world } = openFour();
    world.create('dev-s1').owner = 'foreign';
    await expect(lab.provider.up(['dev-s1'])).rejects.toThrow(/HOST_ORPHAN_DOMAIN/);
  });
});
