import { describe, expect, test } from 'vitest';
import { controlGroups } from '../../src/host-checks/control-groups.ts';
import type { HostCheck, NspawnWanted } from '../../src/host-checks/host-check.ts';
import { inotify } from '../../src/host-checks/inotify.ts';
import { nspawnPrograms } from '../../src/host-checks/nspawn-programs.ts';
import { rootUser } from '../../src/host-checks/root-user.ts';
import { nspawnSubnet } from '../../src/host-checks/subnet.ts';
import type { Owned, Result } from '../../src/lab.ts';
import { ABSENT, labOn, ok } from './fake-host.ts';

const WANTED: NspawnWanted = { labSubnet: '192.168.123.0/24', managementSubnet: '192.168.124.0/24', machines: 3 };

interface Computer {
  readonly commands?: Readonly<Record<string, Result>>;
  /** Content by path; another path is absent. */
  readonly files?: Readonly<Record<string, string>>;
  readonly owned?: readonly Owned[];
}

function find(check: HostCheck<NspawnWanted>, { commands = {}, files = {}, owned = [] }: Computer) {
  const lab = labOn({ commands });
  const readFile = async (path: string) => {
    const content = files[path];
    return content === undefined ? undefined : { content, mode: 0o444, owner: 'root:root' };
  };
  return check.find(
    { ...lab, host: { ...lab.host, readFile }, provider: { ...lab.provider, owned: async () => owned } },
    WANTED,
  );
}

describe('HOST_NOT_ROOT', () => {
  test('lets root pass and nobody else', async () => {
    expect(await find(rootUser, { commands: { 'id -u': ok('0\n') } })).toBeUndefined();
    expect(await find(rootUser, { commands: { 'id -u': ok('1000\n') } })).toMatchObject({
      fix: expect.stringContaining('sudo'),
    });
  });
});

describe('HOST_NSPAWN_MISSING', () => {
  const all = {
    'systemd-nspawn --version': ok(),
    'debootstrap --version': ok(),
    'ip -V': ok(),
    'iptables --version': ok(),
  };

  test('is silent where all programs are installed', async () => {
    expect(await find(nspawnPrograms, { commands: all })).toBeUndefined();
  });

  test('names the packages of those that are not', async () => {
    const commands = { ...all, 'systemd-nspawn --version': ABSENT, 'debootstrap --version': ABSENT };
    expect(await find(nspawnPrograms, { commands })).toMatchObject({
      message: 'systemd-nspawn, debootstrap are not installed, or do not run',
      fix: 'sudo apt install systemd-container debootstrap',
    });
  });
});

describe('HOST_CGROUPS_MISSING', () => {
  const V2 = '/sys/fs/cgroup/cgroup.controllers';
  const V1 = '/proc/self/cgroup';

  test('takes the newer hierarchy and the older ones', async () => {
    expect(
      await find(controlGroups, { files: { [V2]: 'cpuset cpu io memory pids\n', [V1]: '0::/\n' } }),
    ).toBeUndefined();
    const older = '4:memory:/a\n3:pids:/\n2:cpu,cpuacct:/\n0::/\n';
    expect(await find(controlGroups, { files: { [V1]: older } })).toBeUndefined();
  });

  test('names what the kernel does not hand out', async () => {
    const files = { [V2]: 'cpuset cpu io pids\n', [V1]: '4:memory:/\n' };
    expect(await find(controlGroups, { files })).toMatchObject({ message: expect.stringMatching(/for memory$/) });
  });
});

describe('NODE_INOTIFY_LOW', () => {
  const FILE = '/proc/sys/fs/inotify/max_user_instances';

  test('wants as many for each machine as the kernel gives one', async () => {
    expect(await find(inotify, { files: { [FILE]: '384\n' } })).toBeUndefined();
    expect(await find(inotify, { files: { [FILE]: '383\n' } })).toMatchObject({
      message: expect.stringContaining('need 384'),
    });
  });
});

describe('HOST_SUBNET_CLASH of containers', () => {
  const routes = (...list: readonly { readonly dst: string; readonly dev: string }[]) => ({
    'ip -j -4 route show': ok(JSON.stringify(list)),
  });

  test('lets the lab’s own bridges pass', async () => {
    const commands = routes({ dst: '192.168.124.0/24', dev: 'rk-dev-1m' }, { dst: 'default', dev: 'eth0' });
    expect(await find(nspawnSubnet, { commands, owned: [{ kind: 'network', name: 'rk-dev-1m' }] })).toBeUndefined();
  });

  test('names the key of config.yaml whose subnet is taken', async () => {
    const commands = routes({ dst: '192.168.124.0/24', dev: 'rk-other-m' });
    expect(await find(nspawnSubnet, { commands })).toMatchObject({
      message: expect.stringContaining('machines.nspawn.managementSubnet'),
    });
  });
});
