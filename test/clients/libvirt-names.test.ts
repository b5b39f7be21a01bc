import { describe, expect, it } from 'vitest';
import { domainName, machineName, machineOfVolume } from '../../src/clients/libvirt-names.ts';

describe('the names in libvirt', () => {
  it('go from machine to domain and back', () => {
    expect(domainName('dev-s1')).toBe('rke2-lab-dev-s1');
    expect(machineName('rke2-lab-dev-s1')).toBe('dev-s1');
    expect(machineName('renamed')).toBe('renamed');
  });

  it.each([
    ['rke2-lab-dev-s1.img', 'dev-s1'],
    ['rke2-lab-dev-s12_1.img', 'dev-s12'],
    ['rke2-lab-dev-a3-vdb.qcow2', 'dev-a3'],
    ['rke2-lab-dev-x-s1.img', undefined],
    ['rke2-lab-other-s1.img', undefined],
    ['rke2-lab-dev-s1.img.bak', undefined],
    ['rke2-lab-dev-s1-backup.qcow2', undefined],
    ['my-rke2-lab-dev-s1.img', undefined],
    ['dev-s1.img', undefined],
    ['rke2-lab-VAGRANTSLASH-debian-12_vagrant_box_image_0_1795610957_box.img', undefined],
  ])('say whose the disk %s is', (volume, machine) => {
    expect(machineOfVolume(volume, 'dev')).toBe(machine);
  });

  it('tell a lab from one whose name begins alike', () => {
    expect(machineOfVolume('rke2-lab-dev-s1-s1.img', 'dev')).toBeUndefined();
    expect(machineOfVolume('rke2-lab-dev-s1-s1.img', 'dev-s1')).toBe('dev-s1-s1');
  });
});
