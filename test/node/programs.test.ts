import { describe, expect, it } from 'vitest';
import type { Machine, Result } from '../../src/lab.ts';
import { address } from '../../src/node/address.ts';
import { dataDisk } from '../../src/node/data-disk.ts';
import type { Step } from '../../src/engine/phase.ts';

/** A machine on which every program ends like this; it has no file, and nothing may be changed. */
function machineWhere(result: Partial<Result>): Machine {
  const refuse = async () => {
    throw new Error('m1 is only looked at');
  };
  return {
    name: 'm1',
    look: async () => ({ code: 0, stdout: '', stderr: '', ...result }),
    readFile: async () => undefined,
    ...{ run: refuse, writeFile: refuse, removeFile: refuse, upload: refuse, forget: refuse },
  };
}

const aspects: readonly {
  readonly program: string;
  readonly command: string;
  readonly from: string;
  readonly look: (machine: Machine) => Promise<readonly Step[]>;
}[] = [
  {
    program: 'ip',
    command: 'ip -j -4 addr show',
    from: 'iproute2',
    look: (machine) => address(machine, { address: '192.0.2.5', devices: ['eth0'] }),
  },
  {
    program: 'lsblk',
    command: 'lsblk -J -b -o NAME,TYPE,FSTYPE,MOUNTPOINT,SIZE',
    from: 'util-linux',
    look: (machine) => dataDisk(machine, { provider: 'longhorn', dataDisk: 10 }),
  },
];

describe.for(aspects)('$program', ({ program, command, from, look }) => {
  it('is named with its package where it is missing', async () => {
    await expect(look(machineWhere({ code: 127, stderr: `sh: 1: ${program}: not found\n` }))).rejects.toMatchObject({
      name: 'LabError',
      message: `m1 has no program ${program}`,
      fix: `on m1: sudo apt-get install -y ${from}`,
    });
  });

  it('is named with its words where it fails', async () => {
    await expect(look(machineWhere({ code: 1, stderr: 'it is broken\n' }))).rejects.toMatchObject({
      name: 'LabError',
      message: `could not run \`${command}\` on m1: exit code 1: it is broken`,
      fix: `on m1: sudo ${command}   # see what it says; sudo apt-get install --reinstall -y ${from}   # brings ${program} anew`,
    });
  });

  it('is named where it prints something else than JSON', async () => {
    await expect(look(machineWhere({ stdout: 'usage: none\nmore' }))).rejects.toMatchObject({
      name: 'LabError',
      message: `could not run \`${command}\` on m1: it printed no JSON but: usage: none`,
      fix: expect.stringContaining(`apt-get install --reinstall -y ${from}`),
      cause: expect.any(SyntaxError),
    });
  });
});
