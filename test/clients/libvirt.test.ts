import { beforeEach, describe, expect, it } from 'vitest';
import { libvirtProvider } from '../../src/clients/libvirt.ts';
import { parseConfig } from '../../src/config/load.ts';
import { LabError } from '../../src/engine/errors.ts';
import type { Provider } from '../../src/lab.ts';
import { fakeDomain, fakeLibvirt, POOL, type FakeLibvirt } from './fake-libvirt.ts';

const config = parseConfig(
  'machines: { size: staging, sizes: { staging: { servers: { count: 3, dataDisk: 10 } } } }',
  '/lab/config.yaml',
);
const names = config.nodes.map(({ name }) => name);
let libvirt: FakeLibvirt;
let provider: Provider;

beforeEach(() => {
  libvirt = fakeLibvirt(config);
  provider = libvirtProvider({ config, directory: '/lab/.lab/dev', root: '/project' }, libvirt);
});

describe('up', () => {
  it('makes the networks before the machines, lets the lab in, and marks them as ready', async () => {
    await provider.up(names);
    expect(libvirt.changes.slice(0, 7)).toEqual([
      ...['net-define vagrant-libvirt', 'net-autostart vagrant-libvirt'],
      ...['net-define rke2-lab-dev', 'net-autostart rke2-lab-dev'],
      ...['net-start vagrant-libvirt', 'net-start rke2-lab-dev', 'vagrant up dev-s1 dev-s2 dev-s3'],
    ]);
    expect(libvirt.adopted).toEqual(names);
    expect(await provider.list()).toEqual(names.map((name) => ({ name, state: 'running', owner: 'lab', differs: [] })));
  });

  it('starts a machine that was stopped without taking it over again', async () => {
    await provider.up(names);
    await provider.stop(['dev-s2']);
    expect((await provider.list())[1]?.state).toBe('stopped');
    await provider.up(['dev-s2']);
    expect(libvirt.adopted).toEqual(names);
    expect((await provider.list())[1]?.state).toBe('running');
  });

  it('makes a machine anew that an interrupted run left half made', async () => {
    libvirt.domainsByName.set(
      ...fakeDomain('rke2-lab-dev-s1', { lab: 'dev', uuid: 'half', disks: [`${POOL}/rke2-lab-dev-s1.img`] }),
    );
    libvirt.volumeNames.add('rke2-lab-dev-s1.img');
    expect((await provider.list())[0]?.state).toBe('stopped');
    await provider.up(['dev-s1']);
    expect(libvirt.domainsByName.get('rke2-lab-dev-s1')).toMatchObject({ uuid: 'made-1', ready: true });
  });

  it('removes the disks that a machine left when it was destroyed behind our back, and no others', async () => {
    await provider.up(names);
    libvirt.domainsByName.delete('rke2-lab-dev-s3');
    libvirt.volumeNames.add('rke2-lab-other-s3.img');
    libvirt.changes.length = 0;
    await provider.up(['dev-s3']);
    expect(libvirt.changes.filter((change) => change.startsWith('vol-delete'))).toEqual([
      `vol-delete ${POOL}/rke2-lab-dev-s3.img`,
      `vol-delete ${POOL}/rke2-lab-dev-s3-vdb.qcow2`,
    ]);
  });

  it('lets Vagrant know a machine again that it has forgotten', async () => {
    await provider.up(names);
    const { uuid } = libvirt.domainsByName.get('rke2-lab-dev-s1') ?? {};
    libvirt.links.delete('dev-s1');
    await provider.stop(['dev-s1']);
    await provider.up(['dev-s1']);
    expect(libvirt.domainsByName.get('rke2-lab-dev-s1')?.uuid).toBe(uuid);
  });

  it('finishes the machines that work when another fails, and then says what failed', async () => {
    libvirt.failing.add('dev-s2');
    await expect(provider.up(names)).rejects.toThrow('could not make some');
    expect(libvirt.adopted).toEqual(['dev-s1', 'dev-s3']);
    expect(libvirt.domainsByName.get('rke2-lab-dev-s3')?.ready).toBe(true);
  });

  it('refuses a domain without the mark before anything is changed', async () => {
    libvirt.domainsByName.set(...fakeDomain('rke2-lab-dev-s2', { lab: 'other' }));
    await expect(provider.up(names)).rejects.toThrow(LabError);
    await expect(provider.stop(['dev-s2'])).rejects.toThrow(
      'rke2-lab-dev-s2 exists already and was not made by this lab',
    );
    expect(libvirt.changes).toEqual([]);
  });

  it('refuses a network of the lab’s name that it did not make', async () => {
    libvirt.networksByName.set('rke2-lab-dev', { name: 'rke2-lab-dev', lab: undefined, connections: 0, active: true });
    await expect(provider.up(names)).rejects.toThrow('the libvirt network rke2-lab-dev exists already');
    expect(libvirt.domainsByName.size).toBe(0);
  });
});

describe('list', () => {
  it('says what only a new machine would take on', async () => {
    libvirt.domainsByName.set(...fakeDomain('rke2-lab-dev-s1', { lab: 'dev', ready: true, memory: 2048, cpus: 2 }));
    expect(await provider.list()).toEqual([
      {
        name: 'dev-s1',
        state: 'running',
        owner: 'lab',
        differs: ['memory 2048 MB, wanted 8192 MB', '2 CPUs, wanted 4', 'no data disk, wanted 10 GB'],
      },
    ]);
  });

  it('shows a domain without the mark as foreign, and a paused one as stopped', async () => {
    libvirt.domainsByName.set(...fakeDomain('rke2-lab-dev-s1', { lab: undefined }));
    libvirt.domainsByName.set(...fakeDomain('rke2-lab-dev-s2', { lab: 'dev', ready: true, state: 'paused' }));
    expect((await provider.list()).map(({ owner, state }) => [owner, state])).toEqual([
      ['foreign', 'running'],
      ['lab', 'stopped'],
    ]);
  });
});

describe('remove', () => {
  it('takes machines, disks and networks of the lab, machines of an older config.yaml too, and leaves all else', async () => {
    await provider.up(names);
    libvirt.domainsByName.set(...fakeDomain('rke2-lab-dev-a7', { lab: 'dev', ready: true }));
    libvirt.volumeNames.add('rke2-lab-dev-a7.img');
    libvirt.domainsByName.set(
      ...fakeDomain('rke2-lab-dev-a9', { lab: undefined, disks: [`${POOL}/rke2-lab-dev-a9.img`] }),
    );
    libvirt.volumeNames.add('rke2-lab-dev-a9.img').add('rke2-lab-dev-x-s1.img').add('box.img');
    await provider.remove(await provider.owned());
    expect([...libvirt.domainsByName.keys()]).toEqual(['rke2-lab-dev-a9']);
    expect([...libvirt.volumeNames]).toEqual(['rke2-lab-dev-a9.img', 'rke2-lab-dev-x-s1.img', 'box.img']);
    expect([...libvirt.networksByName.keys()]).toEqual([]);
    expect(await provider.owned()).toEqual([]);
  });

  it('does not let Vagrant near a domain that it does not know by its UUID', async () => {
    await provider.up(names);
    libvirt.links.set('dev-s1', 'another');
    await provider.remove(await provider.owned());
    expect(libvirt.changes).toContain('vagrant destroy dev-s2 dev-s3');
    expect(libvirt.changes).toContain('undefine rke2-lab-dev-s1');
  });

  it('removes nothing without the mark, whoever asks', async () => {
    libvirt.domainsByName.set(...fakeDomain('rke2-lab-dev-s1', { lab: undefined }));
    libvirt.networksByName.set('rke2-lab-dev', { name: 'rke2-lab-dev', lab: undefined, connections: 0, active: true });
    await provider.remove([
      { kind: 'machine', name: 'dev-s1' },
      { kind: 'network', name: 'rke2-lab-dev' },
      { kind: 'volume', name: 'somebody.img' },
    ]);
    expect(libvirt.changes).toEqual([]);
  });

  it('takes a machine alone with its disks', async () => {
    await provider.up(names);
    await provider.remove([{ kind: 'machine', name: 'dev-s2' }]);
    expect((await provider.list()).map(({ name }) => name)).toEqual(['dev-s1', 'dev-s3']);
    expect([...libvirt.volumeNames].filter((name) => name.includes('s2'))).toEqual([]);
    expect(libvirt.networksByName.size).toBe(2);
  });

  it('leaves a management network that machines of others are plugged into', async () => {
    await provider.up(names);
    const network = libvirt.networksByName.get('vagrant-libvirt');
    if (network) libvirt.networksByName.set('vagrant-libvirt', { ...network, connections: 4 });
    expect((await provider.owned()).filter(({ kind }) => kind === 'network')).toEqual([
      { kind: 'network', name: 'rke2-lab-dev' },
    ]);
  });
});
