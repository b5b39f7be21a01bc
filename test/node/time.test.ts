import { describe, expect, it } from 'vitest';
import type { Computer, Machine } from '../../src/lab.ts';
import { timeSteps } from '../../src/node/time.ts';

/** A computer that answers `date +%s` with these, one after the other, and knows nothing else. */
function computerWith(name: string, ...answers: readonly number[]): Computer & Pick<Machine, 'upload' | 'forget'> {
  const left = [...answers];
  const refuse = async () => {
    throw new Error(`${name} is only asked for its time`);
  };
  return {
    name,
    look: async (argv) => {
      const seconds = left.shift();
      if (argv.join(' ') !== 'date +%s' || seconds === undefined)
        throw new Error(`${name} does not expect ${argv.join(' ')}`);
      return { code: 0, stdout: `${seconds}\n`, stderr: '' };
    },
    ...{ run: refuse, readFile: refuse, writeFile: refuse, removeFile: refuse, upload: refuse, forget: refuse },
  };
}

async function titles(host: readonly number[], machine: number): Promise<readonly string[]> {
  const lab = { host: computerWith('this computer', ...host) };
  return (await timeSteps(lab, computerWith('m1', machine))).map(({ title }) => title);
}

describe('the clock of a machine', () => {
  it('is left alone when it is about right', async () => {
    expect(await titles([1000], 1005)).toEqual([]);
  });

  it('is left alone when only the log-in was slow', async () => {
    expect(await titles([1000, 1030], 1029)).toEqual([]);
  });

  it('is set when it is behind', async () => {
    expect(await titles([1000, 1001], 900)).toEqual(['set the clock of m1, which is behind']);
  });

  it('is set when it is ahead of the end of a slow log-in', async () => {
    expect(await titles([1000, 1030], 1036)).toEqual(['set the clock of m1, which is ahead']);
  });
});
