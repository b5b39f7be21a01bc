import { describe, expect, test } from 'vitest';
import { commandWorld } from './command-world.ts';

describe('lab:up', () => {
  test('brings a fresh lab up, says how to use it, and finds nothing to do the second time', async () => {
    const world = commandWorld();
    const first = await world.type('up');
    expect(first).toMatchObject({ exit: 0, err: [] });
    expect(first.out).toContainEqual(expect.stringMatching(/install-rke2 dev-s1 {2}done, \d+ steps/));
    expect(first.out).toContainEqual(
      expect.stringMatching(/^Done: \d+ steps done in .*The lab is as config.yaml says\.$/),
    );
    expect(first.out).toContain('  kubectl --context rke2-lab-dev get nodes');
    const second = await world.type('up');
    expect(second.exit).toBe(0);
    expect(second.out).toContain('Nothing to do: the lab is as config.yaml says.');
  });

  test('ends with every error and its fix, and exit code 2, where the lab is in trouble', async () => {
    const { exit, out, err } = await commandWorld({ lab: (lab) => ({ ...lab, provider: foreign(lab) }) }).type('up');
    expect(exit).toBe(2);
    expect(err).toEqual([
      "Error: there is already a machine dev-s1, which does not carry this lab's mark",
      '  To fix: choose another lab.name in config.yaml, or remove that machine yourself if nobody needs it',
    ]);
    expect(out).toContainEqual(expect.stringMatching(/^Not finished: .* go on with: npm run lab:up$/));
    expect(out).toContainEqual(expect.stringMatching(/^prepare-nodes +left out \(create-machines\)/));
  });

  test('gives one JSON object a line, the last with the exit code', async () => {
    const { out } = await commandWorld().type('up', '--json');
    const records = out.map((line) => JSON.parse(line));
    expect(records[0]).toMatchObject({ type: 'started', phase: 'check-host' });
    expect(records).toContainEqual(
      expect.objectContaining({ type: 'step-done', machine: 'dev-s1', seconds: expect.any(Number) }),
    );
    expect(records.at(-1)).toMatchObject({ type: 'end', exit: 0, errors: [], changes: expect.any(Number) });
  });

  test('shows no secret, neither as text nor as JSON nor in the report', async () => {
    const secrets: string[] = [];
    const written: string[] = [];
    const world = commandWorld({
      lab: (lab) => ({
        ...lab,
        newSecret: () => {
          secrets.push(lab.newSecret());
          return secrets.at(-1) ?? '';
        },
        host: {
          ...lab.host,
          writeFile: async (path, file, signal) => {
            if (path.includes('/reports/')) written.push(file.content, String(file.mode));
            await lab.host.writeFile(path, file, signal);
          },
        },
      }),
    });
    const { out, err } = await world.type('up', '--json');
    expect(secrets).toHaveLength(1);
    expect(written).toContain(String(0o600));
    expect([...out, ...err, ...written].join('\n')).not.toContain(secrets[0]);
  });

  test('with --plan only says what it would do', async () => {
    const world = commandWorld();
    const { exit, out } = await world.type('up', '--plan');
    expect(exit).toBe(1);
    expect(out).toContainEqual('create-machines          make the SSH key of lab dev');
    expect(out.at(-1)).toMatch(/known now, more once these are done\. To do it: npm run lab:up$/);
    expect(await world.type('plan')).toMatchObject({ exit, out });
  });

  test('stops at Ctrl-C, and says what is done and how to go on', async () => {
    const world = commandWorld({
      lab: (lab) => ({
        ...lab,
        provider: {
          ...lab.provider,
          up: async (names, signal) => {
            world.stop.abort(new Error('Ctrl-C'));
            await lab.provider.up(names, signal);
          },
        },
      }),
    });
    const { exit, out } = await world.type('up');
    expect(exit).toBe(130);
    expect(out).toContainEqual(expect.stringMatching(/^Stopped: \d+ steps done .*To go on: npm run lab:up$/));
  });
});

describe('lab:plan', () => {
  test('has exit code 0 where all is in place', async () => {
    const world = commandWorld();
    await world.type('up');
    const { exit, out } = await world.type('plan');
    expect(exit).toBe(0);
    expect(out.at(-1)).toBe('Nothing to do: the lab is as config.yaml says.');
  });
});

function foreign(lab: Parameters<NonNullable<NonNullable<Parameters<typeof commandWorld>[0]>['lab']>>[0]) {
  const list = async () => [{ name: 'dev-s1', state: 'running', owner: 'foreign', differs: [] } as const];
  return { ...lab.provider, list };
}
