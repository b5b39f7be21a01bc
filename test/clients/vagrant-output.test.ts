import { describe, expect, it } from 'vitest';
import { machineDone, readVagrantLine, saidToPerson } from '../../src/clients/vagrant-output.ts';

const read = (text: string) => {
  const line = readVagrantLine(text);
  if (!line) throw new Error(`not a line: ${text}`);
  return line;
};

describe('the output of vagrant --machine-readable', () => {
  it('gives commas and line breaks back to what was said, without the name on every line', () => {
    const text =
      '1795610959,try-a1,ui,warn,==> try-a1: No version detected for rke2-lab/debian-12%!(VAGRANT_COMMA) using timestamp\\n==> try-a1: generating a local metadata';
    expect(saidToPerson(read(text))).toBe(
      'try-a1: No version detected for rke2-lab/debian-12, using timestamp\ngenerating a local metadata',
    );
  });

  it('keeps a colon that is no name of a machine', () => {
    expect(saidToPerson(read('1795610980,try-a1,ui,detail,    try-a1: SSH address: 192.168.121.253:22'))).toBe(
      'try-a1: SSH address: 192.168.121.253:22',
    );
    expect(saidToPerson(read('1795611175,,ui,error,qemu: out of memory'))).toBe('qemu: out of memory');
  });

  it('leaves out the settings of a new domain, and what is not meant for a person', () => {
    expect(saidToPerson(read('1795610959,try-a1,ui,info,==> try-a1:  -- Memory:            512M'))).toBeUndefined();
    expect(saidToPerson(read('1795610958,try-s1,metadata,provider,libvirt'))).toBeUndefined();
  });

  it('names a machine as done at the end of its up, not at the start', () => {
    expect(machineDone(read('1795611006,try-s1,action,up,end'))).toBe('try-s1');
    expect(machineDone(read('1795610958,try-s1,action,up,start'))).toBeUndefined();
    expect(machineDone(read('1795610958,try-s1,action,halt,end'))).toBeUndefined();
  });

  it('is told apart from warnings of Ruby', () => {
    expect(readVagrantLine('/usr/lib/ruby/vendor_ruby/fog.rb:7: warning: already initialized, twice')).toBeUndefined();
    expect(readVagrantLine('')).toBeUndefined();
  });
});
