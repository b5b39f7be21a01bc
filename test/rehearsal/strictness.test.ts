import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import type { Lab } from '../../src/lab.ts';
import { machineWithRke2, openFour } from './installed.ts';

type Attempt = readonly [what: string, act: (lab: Lab) => Promise<unknown>, says: RegExp];

const BUGS: readonly Attempt[] = [
  ['an unknown program on a machine', (lab) => lab.machine('dev-s1').run(['reboot', 'now']), /reboot now/],
  ['an unknown program on the host', (lab) => lab.host.look(['uname', '-r']), /uname -r/],
  ['an unknown option', (lab) => lab.machine('dev-s1').look(['df', '-h', '/']), /df -h \//],
  ['an option too many', (lab) => lab.machine('dev-s1').run(['mkdir', '-p', '/opt/a', '/opt/b']), /mkdir -p/],
  ['an unknown unit', (lab) => lab.machine('dev-s1').look(['systemctl', 'is-active', 'k3s']), /k3s/],
  ['an unknown sysctl', (lab) => lab.machine('dev-s1').look(['sysctl', '-n', 'fs.inotify.max']), /fs\.inotify\.max/],
  ['a path outside the model on a machine', (lab) => lab.machine('dev-s1').readFile('/home/x'), /no path \/home\/x/],
  ['a path outside the model on the host', (lab) => lab.host.readFile('/etc/passwd'), /no path \/etc\/passwd/],
  ['a machine that config.yaml does not have', async (lab) => lab.machine('dev-s9'), /no machine dev-s9/],
  [
    'looking with a program that changes something',
    (lab) => lab.machine('dev-s1').look(['date', '-s', '@1']),
    /must be run/,
  ],
  ['running a program that changes nothing', (lab) => lab.machine('dev-s1').run(['date', '+%s']), /look is enough/],
  ['an unknown kind', (lab) => lab.kube.list({ apiVersion: 'v1', kind: 'Pods' }), /no kind v1 Pods/],
  ['a node in a namespace', (lab) => lab.kube.list({ apiVersion: 'v1', kind: 'Node', namespace: 'a' }), /no namespace/],
  ['an unknown artefact', (lab) => lab.artefacts.fetch('v1.36.4+rke2r1', 'k3s.tar.gz'), /has no file k3s\.tar\.gz/],
  [
    'an artefact that was never fetched',
    (lab) => lab.machine('dev-s1').upload({ file: 'a', path: '/a', sha256: '', size: 1 }, '/opt/a'),
    /not in the cache/,
  ],
];

describe('the rehearsed lab', () => {
  it.each(BUGS)('takes %s for a bug of who asks, and changes nothing', async (_, act, says) => {
    const rehearsal = openWithMachine();
    const error: unknown = await act(rehearsal.lab).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(LabError);
    expect(String(error)).toMatch(says);
    expect(rehearsal.writes).toEqual([]);
  });

  it('takes a disk that would be overwritten for a bug', async () => {
    const rehearsal = openWithMachine();
    const make = () => rehearsal.lab.machine('dev-s1').run(['mkfs.ext4', '-q', '-L', 'data', '/dev/vdb']);
    await make();
    await expect(make()).rejects.toThrow('mkfs.ext4 would destroy what is on /dev/vdb of dev-s1');
  });

  it('answers 127 for a program that may be missing', async () => {
    const { lab, world } = openWithMachine();
    world.machines.get('dev-s1')?.files.remove('/usr/local/bin/rke2');
    await expect(lab.machine('dev-s1').look(['/usr/local/bin/rke2', '--version'])).resolves.toMatchObject({
      code: 127,
    });
  });

  it('makes a LabError of a program that fails, with its output and without its input', async () => {
    const { lab } = openWithMachine();
    const failing = lab.machine('dev-s1').run(['mount', '/var/lib/longhorn'], { stdin: 'a secret' });
    await expect(failing).rejects.toBeInstanceOf(LabError);
    await expect(failing).rejects.toThrow(/could not run `mount \/var\/lib\/longhorn` on dev-s1: exit code 1\n.*fstab/);
    await expect(failing).rejects.not.toThrow(/a secret/);
  });

  it('makes a transient LabError of a machine that is not there', async () => {
    const { lab } = openFour();
    await expect(lab.machine('dev-s1').look(['date', '+%s'])).rejects.toMatchObject({
      name: 'LabError',
      transient: true,
    });
  });

  it('makes a LabError of an API without a kubeconfig', async () => {
    const { lab } = openFour();
    await expect(lab.kube.list({ apiVersion: 'v1', kind: 'Node' })).rejects.toMatchObject({
      name: 'LabError',
      transient: false,
    });
  });
});

function openWithMachine() {
  const rehearsal = openFour();
  machineWithRke2(rehearsal, 'dev-s1');
  rehearsal.world.host.files.write(`${rehearsal.lab.directory}/id_ed25519`, { content: 'a key', mode: 0o600 });
  return rehearsal;
}
