import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { faults } from '../../src/rehearsal/faults/index.ts';
import { errorsOf, isDone, rehearse } from '../harness.ts';

/** Where each fault must show, and what must be said. */
const ERRORS: Readonly<Record<string, readonly [unit: string, message: RegExp, fix: RegExp]>> = {
  'no-kvm': ['check-host', /^HOST_KVM_UNAVAILABLE: .*no \/dev\/kvm/, /virtualisation/],
  'no-vagrant': ['check-host', /^HOST_VAGRANT_MISSING: vagrant is not installed/, /apt install vagrant/],
  'no-plugin': ['check-host', /^HOST_PLUGIN_BROKEN: .*not installed/, /vagrant plugin install/],
  'subnet-taken': ['check-host', /^HOST_SUBNET_CLASH: .*tun0/, /machines\.network\.subnet/],
  'memory-short': ['check-host', /^HOST_MEMORY_SHORT: .*16384 MB.*200 MB/, /machines\.size/],
  'pool-missing': ['check-host', /^HOST_POOL_MISSING: .*default is not active/, /pool-start default/],
  'ssh-refused': ['prepare-nodes dev-s1', /refused with the key/, /ssh-copy-id/],
  'host-key-changed': ['prepare-nodes dev-s1', /host key of dev-s1.*changed/, /ssh-keygen -f .* -R/],
  'sudo-password': ['prepare-nodes dev-s1', /sudo on dev-s1.*password/, /sudoers/],
  'checksum-wrong': ['fetch-rke2', /rke2\.linux-amd64\.tar\.gz/, /checksums/],
  'disk-full': ['install-rke2 dev-s1', /no space left on device/, /df -h/],
  'port-taken': ['install-rke2 dev-s1', /port 6443 of dev-s1 is taken/, /ss -ltnp/],
  'other-cluster': ['install-rke2 dev-s1', /dev-s1 holds the RKE2 of another cluster/, /rke2-uninstall\.sh/],
  'wrong-token': ['install-rke2 dev-s1', /another token than this lab's/, /\.lab\/dev\/token/],
  'wrong-interface': ['prepare-nodes dev-s1', /on ens9, config\.yaml says eth1/, /machines\.network\.interface: ens9/],
  'data-disk-dirty': ['prepare-nodes dev-s1', /\/dev\/vdb of dev-s1 holds xfs/, /wipefs/],
  'node-never-ready': ['install-rke2 dev-s1', /still missing after 900 s.*node dev-s1 to be Ready/s, /journalctl/],
};

/** Faults that the phases put right, or wait out. */
const HEALED = ['clock-skew', 'dns-stub', 'server-crashes'];

describe('a fault', () => {
  it('is expected here by each name of the registry, and by no other', () => {
    const names = faults.map(({ name }) => name).toSorted();
    expect([...Object.keys(ERRORS), ...HEALED].toSorted()).toEqual(names);
  });

  it.each(Object.entries(ERRORS))(
    '%s ends in an error that says what and how to put it right',
    async (fault, expected) => {
      const [unit, message, fix] = expected;
      const error = errorsOf(await rehearse({ fault }).run()).get(unit);
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({ message: expect.stringMatching(message), fix: expect.stringMatching(fix) });
    },
  );

  it.each(Object.entries(ERRORS).filter(([, [unit]]) => unit === 'check-host'))(
    '%s ends before anything was changed',
    async (fault) => {
      const rehearsed = rehearse({ fault });
      await rehearsed.run();
      expect(rehearsed.writes).toEqual([]);
    },
  );

  it.each(HEALED)('%s does not keep the lab from coming up', async (fault) => {
    const rehearsed = rehearse({ fault });
    const reports = await rehearsed.run();
    expect(errorsOf(reports)).toEqual(new Map());
    expect(isDone(reports)).toBe(true);
  });

  it('clock-skew is put right on every machine', async () => {
    const { run, world } = rehearse({ fault: 'clock-skew' });
    await run();
    expect([...world.machines.values()].map(({ skew }) => skew)).toEqual([0, 0, 0, 0]);
  });

  it('dns-stub is put right on every machine', async () => {
    const { run, world } = rehearse({ fault: 'dns-stub' });
    await run();
    for (const { files } of world.machines.values())
      expect(files.read('/etc/resolv.conf')?.content).toBe('nameserver 192.168.121.1\nsearch .\n');
  });

  it('server-crashes shows in the journal of the first server', async () => {
    const { run, world } = rehearse({ fault: 'server-crashes' });
    await run();
    expect(world.machines.get('dev-s1')?.journal.get('rke2-server')).toContain(
      'level=fatal msg="etcd exited: signal: killed"',
    );
  });

  it('of one machine does not keep the others from being prepared', async () => {
    const rehearsed = rehearse({ fault: 'disk-full' });
    const reports = await rehearsed.run();
    const prepared = reports.filter(
      ({ unit, outcome }) => unit.phase.name === 'prepare-nodes' && outcome.state === 'done',
    );
    expect(prepared).toHaveLength(4);
  });

  it('leaves nothing in the cache where the checksum is wrong', async () => {
    const rehearsed = rehearse({ fault: 'checksum-wrong' });
    await rehearsed.run();
    expect([...rehearsed.world.artefacts.cached.values()].map(({ file }) => file)).not.toContain(
      'rke2.linux-amd64.tar.gz',
    );
  });
});
