import { describe, expect, it } from 'vitest';
import { definePhase } from '../src/engine/phase.ts';
import type { Lab } from '../src/lab.ts';
import { rehearse } from './harness.ts';

const writesToken = (lab: Lab) => lab.host.writeFile(`${lab.directory}/token`, { content: 'a' });

function tokenPhase(writes: readonly string[]) {
  return definePhase({
    name: 'make-token',
    title: 'Make a token',
    scope: 'lab',
    needs: {},
    reads: () => true,
    writes,
    plan: async (lab: Lab) =>
      (await lab.host.readFile(`${lab.directory}/token`)) ? [] : [{ title: 'write it', run: () => writesToken(lab) }],
  });
}

describe('the harness of the phases', () => {
  it('lets a phase write what it says', async () => {
    const { run, writes } = rehearse({ phases: [tokenPhase(['host:<lab>/*'])] });
    await run();
    expect(writes).toEqual([{ where: 'host', what: 'host:<lab>/token' }]);
  });

  it('refuses a write that the phase does not mention', async () => {
    const { run } = rehearse({ phases: [tokenPhase(['host:<lab>/id_ed25519'])] });
    await expect(run()).rejects.toThrow('make-token wrote host:<lab>/token of host in "write it"');
  });

  it('refuses a plan that changes something', async () => {
    const phase = definePhase({
      name: 'hasty',
      title: 'Change while looking',
      scope: 'lab',
      needs: {},
      reads: () => true,
      writes: ['host:<lab>/token'],
      plan: async (lab: Lab) => {
        await writesToken(lab);
        return [];
      },
    });
    await expect(rehearse({ phases: [phase] }).plan()).rejects.toThrow(
      'hasty wrote host:<lab>/token of host while it should only look',
    );
  });
});
