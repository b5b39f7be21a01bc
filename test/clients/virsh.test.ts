import { describe, expect, it } from 'vitest';
import { readVolumes, virsh } from '../../src/clients/virsh.ts';
import { LabError } from '../../src/engine/errors.ts';
import type { Computer, Result } from '../../src/lab.ts';

/** A computer that answers these commands, and no others. */
function computerWith(answers: Readonly<Record<string, Partial<Result>>>): Computer {
  const answerTo = (argv: readonly string[]): Result => {
    const words = argv.join(' ').replace('virsh --quiet --connect qemu:///system ', '');
    const answer = answers[words];
    if (!answer) throw new Error(`the test has no answer to ${words}`);
    return { code: 0, stdout: '', stderr: '', ...answer };
  };
  return {
    name: 'this computer',
    look: async (argv) => answerTo(argv),
    run: async (argv) => {
      const { code, stdout, stderr } = answerTo(argv);
      if (code !== 0) throw new LabError(`exit code ${code}\n${stderr}`, 'run it by hand');
      return stdout;
    },
    readFile: async () => undefined,
    writeFile: async () => {},
    removeFile: async () => {},
  };
}

const open = (answers: Readonly<Record<string, Partial<Result>>>) =>
  virsh(computerWith(answers), 'qemu:///system', '/lab/.lab/dev');

describe('virsh', () => {
  it('lists names, one a line', async () => {
    const libvirt = open({
      'list --all --name': { stdout: 'rke2-lab-dev-s1\nother\n\n' },
      'list --state-running --name': { stdout: '\n' },
      'list --name': { stdout: 'other\n' },
    });
    expect([...(await libvirt.domains('all'))]).toEqual(['rke2-lab-dev-s1', 'other']);
    expect([...(await libvirt.domains('running'))]).toEqual([]);
    expect([...(await libvirt.domains('active'))]).toEqual(['other']);
  });

  it('takes what libvirt says is not there for absent', async () => {
    const libvirt = open({
      'dumpxml --inactive gone': { code: 1, stderr: "error: failed to get domain 'gone'\n" },
      'net-dumpxml gone': {
        code: 1,
        stderr: "error: failed to get network 'gone'\nerror: Network not found: no network with matching name 'gone'\n",
      },
      'vol-list gone': {
        code: 1,
        stderr:
          "error: failed to get pool 'gone'\nerror: Storage pool not found: no storage pool with matching name 'gone'\n",
      },
    });
    expect(await libvirt.domain('gone')).toBeUndefined();
    expect(await libvirt.network('gone')).toBeUndefined();
    expect(await libvirt.volumes('gone')).toEqual([]);
  });

  it('does not take what it could not read for absent', async () => {
    const stderr =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied\n";
    const libvirt = open({ 'dumpxml --inactive s1': { code: 1, stderr }, 'list --all --name': { code: 1, stderr } });
    await expect(libvirt.domain('s1')).rejects.toThrow('HOST_LIBVIRT_SOCKET');
    await expect(libvirt.domains('all')).rejects.toThrow('HOST_LIBVIRT_SOCKET');
    const broken = "error: failed to get domain 's1'\nerror: Cannot recv data: Connection reset by peer\n";
    await expect(open({ 'dumpxml --inactive s1': { code: 1, stderr: broken } }).domain('s1')).rejects.toThrow(
      'Connection reset',
    );
    const stopped = open({
      'vol-list default': {
        code: 1,
        stderr: "error: Requested operation is not valid: storage pool 'default' is not active\n",
      },
    });
    await expect(stopped.volumes('default')).rejects.toThrow('HOST_POOL_MISSING');
  });

  it('says why a change was not possible', async () => {
    const stderr = 'error: internal error: Network is already in use by interface br9';
    const libvirt = open({ 'net-start rke2-lab-dev': { code: 1, stderr } });
    await expect(libvirt.run(['net-start', 'rke2-lab-dev'])).rejects.toThrow('HOST_SUBNET_CLASH');
  });

  it('reads volumes with spaces in their names, and stumbles over what is no volume', () => {
    const text =
      ' rke2-lab-dev-s1.img   /var/lib/libvirt/images/rke2-lab-dev-s1.img\n my disk.img           /srv/my images/my disk.img\n\n';
    expect(readVolumes(text)).toEqual([
      { name: 'rke2-lab-dev-s1.img', path: '/var/lib/libvirt/images/rke2-lab-dev-s1.img' },
      { name: 'my disk.img', path: '/srv/my images/my disk.img' },
    ]);
    expect(() => readVolumes('nonsense')).toThrow('not a line of');
  });
});
