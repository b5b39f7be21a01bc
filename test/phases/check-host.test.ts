import { expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { checkHost } from '../../src/phases/check-host.ts';
import { ABSENT, failed, labOn, ok, WANTED } from '../host-checks/fake-host.ts';

const DOWN = failed(1, 'error: failed to connect to the hypervisor');
const FINE = {
  'test -e /dev/kvm': ok(),
  'test -w /dev/kvm': ok(),
  'vagrant --version': ok('Vagrant 2.4.9\n'),
  'vagrant plugin list --machine-readable': ok('1,,plugin-name,vagrant-libvirt\n'),
  'virsh version': ok(),
  'virsh pool-list --all --name': ok('default\n'),
  'virsh pool-list --name': ok('default\n'),
  'virsh pool-dumpxml default': ok('<pool><target><path>/images</path></target></pool>'),
  'virsh net-list --all --name': ok(''),
  'virsh net-list --name': ok(''),
  'ip -j -4 route show': ok('[]'),
  'df -B1 --output=avail /images': ok('Avail\n99000000000\n'),
};
const MEMINFO = 'MemAvailable: 99999999 kB\n';

const plan = (commands: Record<string, typeof ABSENT>, list?: () => Promise<never>) => {
  const lab = labOn({ commands: { ...FINE, ...commands }, meminfo: MEMINFO });
  const provider = list ? { ...lab.provider, list } : lab.provider;
  return checkHost.plan({ ...lab, provider }, { libvirt: WANTED }, {});
};

test('a computer that has everything has nothing to do', async () => {
  expect(await plan({})).toEqual([]);
});

test('all troubles are told at once, each with its id', async () => {
  const error: unknown = await plan({ 'test -e /dev/kvm': failed(1), 'vagrant --version': ABSENT }).catch((e) => e);
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors.map(({ message }) => message.split(':')[0])).toEqual([
    'HOST_KVM_UNAVAILABLE',
    'HOST_VAGRANT_MISSING',
  ]);
});

test('what cannot be asked because libvirt is down does not hide why it cannot', async () => {
  const down = Object.fromEntries(Object.keys(FINE).flatMap((key) => (key.startsWith('virsh') ? [[key, DOWN]] : [])));
  const refused = async () => {
    throw new LabError('could not ask libvirt', 'start it');
  };
  await expect(plan(down, refused)).rejects.toThrow(/^HOST_LIBVIRT_SOCKET: /);
});

test('a check that cannot look is an error of its own where nothing explains it', async () => {
  const refused = async () => {
    throw new LabError('could not ask libvirt', 'start it');
  };
  await expect(plan({}, refused)).rejects.toThrow('could not ask libvirt');
});

test('a bug in a check is not taken for a trouble of the computer', async () => {
  const bug = async () => {
    throw new TypeError('undefined is not a function');
  };
  await expect(plan({ 'test -e /dev/kvm': failed(1) }, bug)).rejects.toThrow(TypeError);
});
