import { describe, expect, it } from 'vitest';
import { networkXml, readDomain, readNetwork } from '../../src/clients/libvirt-xml.ts';

/** From `virsh dumpxml --inactive` of libvirt 9.0.0, cut to what varies. */
const domain = `<domain type='qemu'>
  <name>rke2-lab-try-s1</name>
  <uuid>450719cc-98f5-45c3-84e2-d38248187000</uuid>
  <title>try-s1, server of the RKE2 lab try</title>
  <description>rke2-lab/try</description>
  <metadata>
    <lab:machine xmlns:lab="urn:rke2-lab" state="ready"/>
  </metadata>
  <memory unit='KiB'>524288</memory>
  <currentMemory unit='KiB'>524288</currentMemory>
  <vcpu placement='static'>1</vcpu>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='unsafe'/>
      <source file='/var/lib/libvirt/images/rke2-lab-try-s1.img'/>
      <backingStore type='file'>
        <format type='qcow2'/>
        <source file='/var/lib/libvirt/images/box.img'/>
        <backingStore/>
      </backingStore>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <source file='/srv/some.iso'/>
    </disk>
    <disk type='file' device='disk'>
      <source file='/var/lib/libvirt/images/a&amp;b-vdb.qcow2'/>
      <target dev='vdb' bus='virtio'/>
    </disk>
  </devices>
</domain>`;

describe('the description of a domain', () => {
  it('gives its mark, size and disks, the image of the box not among them', () => {
    expect(readDomain(domain)).toEqual({
      name: 'rke2-lab-try-s1',
      uuid: '450719cc-98f5-45c3-84e2-d38248187000',
      lab: 'try',
      ready: true,
      memory: 512,
      cpus: 1,
      disks: ['/var/lib/libvirt/images/rke2-lab-try-s1.img', '/var/lib/libvirt/images/a&b-vdb.qcow2'],
    });
  });

  it('is without a mark where the description says something else, or only begins like it', () => {
    const marked = (text: string) =>
      readDomain(domain.replace('<description>rke2-lab/try<', `<description>${text}<`)).lab;
    expect(marked('Source: /home/me/Vagrantfile')).toBeUndefined();
    expect(marked('rke2-lab/try and more')).toBeUndefined();
    expect(marked('not rke2-lab/try')).toBeUndefined();
  });

  it('is not ready without the lab’s own word for it', () => {
    expect(readDomain(domain.replace('urn:rke2-lab', 'urn:other')).ready).toBe(false);
    expect(readDomain(domain.replace(/<metadata>.*<\/metadata>/s, '')).ready).toBe(false);
  });

  it('is a bug where it is none', () => {
    expect(() => readDomain('error: something')).toThrow('not the description of a domain');
  });
});

describe('the description of a network', () => {
  /** From `virsh net-dumpxml`: libvirt writes double quotes and moves things. */
  const dumped = `<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0' connections='3'>
  <name>vagrant-libvirt</name>
  <uuid>1414aefc-f5f4-4fc5-9177-83493f8e9a49</uuid>
  <metadata>
    <rke2-lab:lab xmlns:rke2-lab="urn:rke2-lab" name="try"/>
  </metadata>
  <forward mode='nat'>`;

  it('gives its mark and how many machines are plugged in', () => {
    expect(readNetwork(dumped)).toEqual({ name: 'vagrant-libvirt', lab: 'try', connections: 3 });
    expect(readNetwork('<network>\n  <name>default</name>')).toEqual({
      name: 'default',
      lab: undefined,
      connections: 0,
    });
  });

  it('is read back from what the lab writes', () => {
    const xml = networkXml({
      name: 'rke2-lab-try',
      lab: 'try',
      address: '192.168.123.1',
      netmask: '255.255.255.0',
      forward: 'none',
    });
    expect(readNetwork(xml)).toEqual({ name: 'rke2-lab-try', lab: 'try', connections: 0 });
    expect(xml).toContain("stp='off'");
    expect(xml).not.toContain('<dhcp>');
    expect(xml).not.toContain('<forward');
  });

  it('leases addresses and has a way out where the machines are managed', () => {
    const leases = { first: '192.168.121.2', last: '192.168.121.254' };
    const xml = networkXml({
      name: 'm&m',
      lab: 'try',
      address: '192.168.121.1',
      netmask: '255.255.255.0',
      leases,
      forward: 'nat',
    });
    expect(xml).toContain("<range start='192.168.121.2' end='192.168.121.254'/>");
    expect(xml).toContain("<forward mode='nat'/>");
    expect(xml).toContain('no-ping');
    expect(readNetwork(xml).name).toBe('m&m');
  });
});
