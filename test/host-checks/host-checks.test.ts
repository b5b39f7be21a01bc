import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { disk } from '../../src/host-checks/disk.ts';
import { kvm } from '../../src/host-checks/kvm.ts';
import { libvirtSocket } from '../../src/host-checks/libvirt-socket.ts';
import { memory } from '../../src/host-checks/memory.ts';
import { network } from '../../src/host-checks/network.ts';
import { plugin } from '../../src/host-checks/plugin.ts';
import { pool } from '../../src/host-checks/pool.ts';
import { subnet } from '../../src/host-checks/subnet.ts';
import { vagrant } from '../../src/host-checks/vagrant.ts';
import { ABSENT, failed, labOn, ok, WANTED } from './fake-host.ts';

const running = { state: 'running', owner: 'lab', differs: [] } as const;

describe('HOST_KVM_UNAVAILABLE', () => {
  const kvmOf = (exists: number, writable: number) =>
    kvm.find(labOn({ commands: { 'test -e /dev/kvm': failed(exists), 'test -w /dev/kvm': failed(writable) } }), WANTED);

  test('is silent where KVM may be used', async () => expect(await kvmOf(0, 0)).toBeUndefined());

  test('names the ways that are left where there is no KVM', async () => {
    expect(await kvmOf(1, 1)).toMatchObject({ fix: expect.stringContaining('lab:rehearse') });
  });

  test('tells a missing permission from a missing device', async () => {
    expect(await kvmOf(0, 1)).toMatchObject({ fix: expect.stringContaining('usermod -aG kvm') });
  });

  test('asks nothing where config.yaml wants software emulation', async () => {
    expect(await kvm.find(labOn({}), { ...WANTED, driver: 'qemu' })).toBeUndefined();
  });
});

describe('HOST_VAGRANT_MISSING', () => {
  const vagrantOf = (answer: typeof ABSENT) =>
    vagrant.find(labOn({ commands: { 'vagrant --version': answer } }), WANTED);

  test('takes the version of Debian 12 and newer ones', async () => {
    expect(await vagrantOf(ok('Vagrant 2.3.4\n'))).toBeUndefined();
    expect(await vagrantOf(ok('Vagrant 2.4.9\n'))).toBeUndefined();
  });

  test('refuses an older one by its number', async () => {
    expect(await vagrantOf(ok('Vagrant 2.2.19\n'))).toMatchObject({ message: expect.stringContaining('2.2.19') });
  });

  test('tells absent from broken', async () => {
    expect((await vagrantOf(ABSENT))?.message).toBe('vagrant is not installed');
    expect((await vagrantOf(failed(1, 'ruby: no such gem')))?.message).toContain('no such gem');
  });
});

describe('HOST_PLUGIN_BROKEN', () => {
  const LIST = 'vagrant plugin list --machine-readable';
  const pluginOf = (answer: typeof ABSENT) => plugin.find(labOn({ commands: { [LIST]: answer } }), WANTED);

  test('is silent where the plug-in is installed', async () => {
    expect(await pluginOf(ok('1764,,ui,info,vagrant-libvirt (0.11.2%!(VAGRANT_COMMA) system)\n'))).toBeUndefined();
  });

  test('tells a missing plug-in from one that cannot be listed', async () => {
    expect((await pluginOf(ok('1764,,ui,info,vagrant-sshfs (1.3.7)\n')))?.message).toContain('not installed');
    expect((await pluginOf(failed(1, 'conflicting dependencies')))?.message).toContain('conflicting dependencies');
  });

  test('leaves a missing vagrant to its own check', async () => expect(await pluginOf(ABSENT)).toBeUndefined());
});

describe('HOST_LIBVIRT_SOCKET', () => {
  const socketOf = (answer: typeof ABSENT) =>
    libvirtSocket.find(labOn({ commands: { 'virsh version': answer } }), WANTED);

  test('is silent where libvirt answers', async () => expect(await socketOf(ok('…'))).toBeUndefined());

  test('tells a refused user from a daemon that is down', async () => {
    const refused = failed(1, 'error: failed to connect: Permission denied');
    expect((await socketOf(refused))?.fix).toContain('usermod -aG libvirt');
    expect((await socketOf(failed(1, 'error: failed to connect: No such file')))?.fix).toContain('systemctl');
  });
});

describe('HOST_POOL_MISSING', () => {
  const poolOf = (all: string, active: string, name = 'default') =>
    pool.find(labOn({ commands: { 'virsh pool-list --all --name': ok(all), 'virsh pool-list --name': ok(active) } }), {
      ...WANTED,
      pool: name,
    });

  test('is silent where the pool is active, and where the plug-in will make it', async () => {
    expect(await poolOf('default\n\n', 'default\n\n')).toBeUndefined();
    expect(await poolOf('\n', '\n')).toBeUndefined();
  });

  test('names the command that starts or makes it', async () => {
    expect((await poolOf('default\n', '\n'))?.fix).toContain('pool-start default');
    expect((await poolOf('default\n', 'default\n', 'fast'))?.fix).toContain('pool-define-as fast');
  });

  test('does not take a question that failed for a missing pool', async () => {
    const broken = {
      'virsh pool-list --all --name': failed(1, 'error: internal error'),
      'virsh pool-list --name': ok(''),
    };
    await expect(pool.find(labOn({ commands: broken }), WANTED)).rejects.toThrow(LabError);
  });
});

test('HOST_NET_INACTIVE names the command that starts the network', async () => {
  const networkOf = (active: string) =>
    network.find(
      labOn({
        commands: { 'virsh net-list --all --name': ok('vagrant-libvirt\n'), 'virsh net-list --name': ok(active) },
      }),
      WANTED,
    );
  expect(await networkOf('vagrant-libvirt\n')).toBeUndefined();
  expect((await networkOf('\n'))?.fix).toContain('net-start vagrant-libvirt');
});

describe('HOST_SUBNET_CLASH', () => {
  const subnetOf = (routes: readonly object[], networks = '') =>
    subnet.find(
      labOn({
        commands: {
          'ip -j -4 route show': ok(JSON.stringify(routes)),
          'virsh net-list --all --name': ok(networks),
          'virsh net-dumpxml rke2-lab-dev': ok("<network><bridge name='virbr7' stp='off'/></network>"),
        },
      }),
      WANTED,
    );
  const elsewhere = [
    { dst: 'default', dev: 'wlan0' },
    { dst: '10.0.0.0/8', dev: 'wlan0' },
  ];

  test('is silent where both subnets are free', async () => expect(await subnetOf(elsewhere)).toBeUndefined());

  test('names the route and the key in the way, also where one subnet lies in the other', async () => {
    const clash = await subnetOf([...elsewhere, { dst: '192.168.0.0/16', dev: 'tun0' }]);
    expect(clash?.message).toContain('192.168.0.0/16, which this computer reaches through tun0');
    expect(clash?.fix).toContain('machines.network.subnet');
  });

  test('sees a route to a single address, which ip writes without a prefix', async () => {
    expect(await subnetOf([...elsewhere, { dst: '192.168.123.7', dev: 'wg0' }])).toBeInstanceOf(LabError);
    expect(await subnetOf([...elsewhere, { dst: '192.168.122.7', dev: 'wg0' }])).toBeUndefined();
  });

  test("takes the lab's own bridge for no clash", async () => {
    const own = [...elsewhere, { dst: '192.168.123.0/24', dev: 'virbr7' }];
    expect(await subnetOf(own, 'rke2-lab-dev\n')).toBeUndefined();
    expect(await subnetOf(own)).toBeInstanceOf(LabError);
  });
});

describe('HOST_MEMORY_SHORT', () => {
  const memoryOf = (megabytes: number, machines: readonly string[] = []) =>
    memory.find(
      labOn({
        meminfo: `MemTotal: 99999999 kB\nMemAvailable:   ${megabytes * 1024} kB\n`,
        machines: machines.map((name) => ({ name, ...running })),
      }),
      WANTED,
    );

  test('compares the sum with what is free', async () => {
    expect(await memoryOf(16_384)).toBeUndefined();
    expect((await memoryOf(16_383))?.message).toContain('dev-s1, dev-s2 want 16384 MB, this computer has 16383 MB');
  });

  test('does not count machines that run already', async () => {
    expect(await memoryOf(8192, ['dev-s1'])).toBeUndefined();
  });
});

describe('HOST_DISK_FULL', () => {
  const diskOf = (free: number) =>
    disk.find(
      labOn({
        commands: {
          'virsh pool-list --all --name': ok('default\n'),
          'virsh pool-dumpxml default': ok('<pool><target><path>/images</path></target></pool>'),
          'df -B1 --output=avail /images': ok(`Avail\n${free}\n`),
        },
      }),
      WANTED,
    );

  test('compares what new machines take with what is free', async () => {
    expect(await diskOf(16e9)).toBeUndefined();
    expect((await diskOf(15e9))?.message).toContain('/images (storage pool default) has 15 GB free');
  });
});
