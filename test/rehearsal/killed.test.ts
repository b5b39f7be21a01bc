import { describe, expect, it } from 'vitest';
import { Killed } from '../../src/rehearsal/session.ts';
import { openFour } from './installed.ts';

const RELEASE = 'v1.36.4+rke2r1';
const TARBALL = 'rke2.linux-amd64.tar.gz';
const IMAGES = 'rke2-images-core.linux-amd64.tar.zst';

describe('a program that is killed after a write', () => {
  it('has done that write, and can do nothing more', async () => {
    const rehearsal = openFour();
    const { host, clock, directory } = rehearsal.lab;
    rehearsal.crashAfterWrite(2);
    await host.writeFile(`${directory}/a`, { content: 'a' });
    await expect(host.writeFile(`${directory}/b`, { content: 'b' })).rejects.toBeInstanceOf(Killed);
    await expect(host.readFile(`${directory}/a`)).rejects.toBeInstanceOf(Killed);
    await expect(clock.wait(1)).rejects.toBeInstanceOf(Killed);
    await expect(rehearsal.lab.provider.list()).rejects.toBeInstanceOf(Killed);
    expect(rehearsal.writes.map(({ what }) => what)).toEqual(['host:<lab>/a', 'host:<lab>/b']);
    expect(rehearsal.world.host.files.read(`${directory}/b`)?.content).toBe('b');
  });

  it('leaves undone what it did at the same moment and had not finished', async () => {
    const rehearsal = openFour();
    const { host, artefacts, directory } = rehearsal.lab;
    rehearsal.crashAfterWrite(1);
    const download = artefacts.fetch(RELEASE, IMAGES);
    await Promise.allSettled([host.writeFile(`${directory}/a`, { content: 'a' }), download]);
    await expect(download).rejects.toBeInstanceOf(Killed);
    await expect(rehearsal.revive().artefacts.find(RELEASE, IMAGES)).resolves.toBeUndefined();
  });

  it('leaves machines half made, which the next one makes anew', async () => {
    const rehearsal = openFour();
    rehearsal.crashAfterWrite(1);
    const { provider, artefacts } = rehearsal.lab;
    const up = provider.up(['dev-s1']);
    await Promise.allSettled([up, rehearsal.clock.wait(9).then(() => artefacts.fetch(RELEASE, TARBALL))]);
    await expect(up).rejects.toBeInstanceOf(Killed);
    const halfMade = rehearsal.world.machines.get('dev-s1');
    expect(halfMade?.ready).toBe(false);
    const lab = rehearsal.revive();
    await expect(lab.provider.list()).resolves.toEqual([]);
    await lab.provider.up(['dev-s1']);
    expect(rehearsal.world.machines.get('dev-s1')).not.toBe(halfMade);
    await expect(lab.provider.list()).resolves.toMatchObject([{ name: 'dev-s1', state: 'running', owner: 'lab' }]);
  });
});
