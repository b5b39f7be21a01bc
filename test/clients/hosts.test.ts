import { describe, expect, it } from 'vitest';
import { hostsProvider } from '../../src/clients/hosts.ts';
import { parseConfig } from '../../src/config/load.ts';
import { LabError } from '../../src/engine/errors.ts';

const text = 'machines: { provider: hosts, hosts: [{ name: one, role: server, address: 192.168.123.5 }] }';

describe('machines that exist already', () => {
  const provider = hostsProvider(parseConfig(text, '/lab/config.yaml'));

  it('are all there, and none of them is removed by lab:down', async () => {
    expect(await provider.list()).toEqual([{ name: 'one', state: 'running', owner: 'lab', differs: [] }]);
    expect(await provider.owned()).toEqual([]);
    await provider.remove([]);
  });

  it('are neither made nor stopped', async () => {
    await expect(provider.up(['one'])).rejects.toThrow(LabError);
    await expect(provider.stop(['one'])).rejects.toThrow('could not stop machines that were not made by this lab');
  });
});
