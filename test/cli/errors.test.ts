import { describe, expect, test } from 'vitest';
import { tell } from '../../src/cli/tell.ts';
import { exitCodeOf, troublesOf } from '../../src/cli/trouble.ts';
import { LabError } from '../../src/engine/errors.ts';
import { definePhase } from '../../src/engine/phase.ts';
import { commandWorld } from './command-world.ts';

describe('an error', () => {
  test('of config.yaml shows every fault with its place, its fix, and the rule that found it', async () => {
    const config = [
      'machines:',
      '  size: two',
      '  sizes: { two: { servers: { count: 2, dataDisk: 5 } } }',
      'rke2:',
      '  profil: cis',
    ];
    const { exit, err } = await commandWorld({ config: config.join('\n') }).type('up');
    expect(exit).toBe(2);
    expect(err[0]).toMatch(/^Error: .*config\.yaml has 2 faults$/);
    expect(err).toContainEqual(
      expect.stringMatching(/config\.yaml:3:37 {2}machines\.sizes\.two\.servers\.count: expected an odd number/),
    );
    expect(err).toContain('  Rule: SERVER_COUNT  https://docs.rke2.io/install/ha');
    expect(err).toContainEqual(
      expect.stringMatching(/config\.yaml:5:3 {2}rke2\.profil: expected a known key of rke2, came "profil"$/),
    );
    expect(err).toContain('  To fix: write profile instead of profil');
  });

  test('of config.yaml comes to --json with its faults', async () => {
    const { out } = await commandWorld({ config: 'lab: { nam: dev }' }).type('plan', '--json');
    expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({
      type: 'end',
      exit: 2,
      errors: [{ kind: 'config', faults: [{ path: 'lab.nam', line: 1, column: 8 }] }],
    });
  });

  test('says what it came from, and how to put it right', () => {
    const refused = new Error('connect ECONNREFUSED 192.168.123.50:22');
    const ssh = new LabError('could not log in to dev-s1', 'systemctl start ssh', { cause: refused });
    const [trouble] = troublesOf(new LabError('could not look at dev-s1', 'npm run lab:status', { cause: ssh }));
    expect(tell(trouble!)).toEqual([
      'Error: could not look at dev-s1',
      '  Because: could not log in to dev-s1',
      '  Because: connect ECONNREFUSED 192.168.123.50:22',
      '  To fix: npm run lab:status',
    ]);
  });

  test('of many is told one by one; a bug among them decides the exit code', () => {
    const lab = new LabError('no KVM', 'modprobe kvm');
    const troubles = troublesOf(new AggregateError([lab, new AggregateError([new TypeError('x is not a function')])]));
    expect(troubles.map(({ kind }) => kind)).toEqual(['lab', 'bug']);
    expect(exitCodeOf(troubles)).toBe(70);
    expect(exitCodeOf(troublesOf(lab))).toBe(2);
  });

  test('that is a bug shows its stack, and has exit code 70', async () => {
    const broken = definePhase({
      name: 'broken',
      title: 'Break',
      scope: 'lab',
      needs: {},
      reads: () => ({}),
      writes: [],
      plan: async () => {
        throw new TypeError('x is not a function');
      },
    });
    const { exit, err } = await commandWorld({ phases: async () => [broken] }).type('up');
    expect(exit).toBe(70);
    expect(err[0]).toBe('Error: x is not a function');
    expect(err).toContainEqual(expect.stringContaining('This is a bug of rke2-lab'));
    expect(err).toContainEqual(expect.stringMatching(/^ +at .*errors\.test\.ts/));
  });

  test('shows the words of a program below its own first line', () => {
    const [trouble] = troublesOf(new LabError('could not run vagrant:\nline one\nline two', 'vagrant up'));
    expect(tell(trouble!)[0]).toBe('Error: could not run vagrant:\n    line one\n    line two');
  });
});

describe('a command line', () => {
  test('with an unknown command gets the nearest one', async () => {
    const { exit, err } = await commandWorld().type('stauts');
    expect({ exit, err }).toEqual({
      exit: 2,
      err: ['Error: there is no command "stauts"', '  To fix: npm run lab:status'],
    });
  });

  test('with an unknown option is refused, and nothing is done', async () => {
    const { exit, err } = await commandWorld().type('up', '--paln');
    expect(exit).toBe(2);
    expect(err[0]).toBe("Error: could not read the command line: Unknown option '--paln'");
  });

  test('with --help, or without a command, gets the help and exit code 0', async () => {
    const { exit, out } = await commandWorld().type('up', '--help');
    expect(exit).toBe(0);
    expect(out).toContainEqual(expect.stringMatching(/^ {2}npm run lab:up +brings the lab/));
    expect((await commandWorld().type()).out).toEqual(out);
  });
});
