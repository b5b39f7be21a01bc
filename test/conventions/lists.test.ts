import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import * as rules from '../../src/config/rules/index.ts';
import type { Rule } from '../../src/config/rules/rule.ts';
import { hostChecks, nspawnChecks } from '../../src/host-checks/index.ts';
import { faults } from '../../src/rehearsal/faults/index.ts';
import manifest from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');

/** Everything that the files of a folder export, by file name without `.ts`. */
async function exportsOf(folder: string, except: readonly string[]): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && !except.includes(file));
  const modules = await Promise.all(files.map((file): Promise<object> => import(join(root, folder, file))));
  return new Map(files.map((file, index) => [file.replace(/\.ts$/, ''), Object.values(modules[index] ?? {})]));
}

describe('every rule of config.yaml', () => {
  test('is in src/config/rules/index.ts, in a file named as its id', async () => {
    const listed: readonly Rule[] = Object.values(rules);
    const files = await exportsOf('src/config/rules', ['index.ts', 'rule.ts']);
    for (const [name, exported] of files) {
      const rule = listed.find(({ id }) => id === name.replaceAll('-', '_').toUpperCase());
      expect.soft(rule, `src/config/rules/${name}.ts is not listed`).toBeDefined();
      expect.soft(exported).toContain(rule);
    }
    expect(listed).toHaveLength(files.size);
  });

  test('has a test of the same name', () => {
    const tests = readdirSync(join(root, 'test/config/rules'));
    for (const { id } of Object.values<Rule>(rules))
      expect.soft(tests).toContain(`${id.toLowerCase().replaceAll('_', '-')}.test.ts`);
  });

  test('gives the page that is its reason', () => {
    for (const { link } of Object.values<Rule>(rules)) expect.soft(link).toMatch(/^https:\/\//);
  });
});

describe('every check of the operator’s computer', () => {
  test('is in src/host-checks/index.ts', async () => {
    const known: readonly unknown[] = [...hostChecks, ...nspawnChecks];
    const listed = [...(await exportsOf('src/host-checks', ['index.ts', 'host-check.ts']))];
    const checks = listed
      .flatMap(([, exported]) => exported)
      .filter((one) => one instanceof Object && 'find' in one && 'id' in one);
    for (const check of checks) expect.soft(known).toContain(check);
    expect(checks).toHaveLength(known.length);
  });

  test('has an id of its own, and the page where others met it', () => {
    for (const list of [hostChecks, nspawnChecks]) expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    for (const { link } of [...hostChecks, ...nspawnChecks]) expect.soft(link).toMatch(/^https:\/\//);
  });
});

describe('every fault of the rehearsal', () => {
  test('is in src/rehearsal/faults/index.ts, in a file of its name', async () => {
    const files = await exportsOf('src/rehearsal/faults', ['index.ts', 'fault.ts']);
    for (const [name, exported] of files) {
      const fault = faults.find((one) => one.name === name);
      expect.soft(fault, `src/rehearsal/faults/${name}.ts is not listed`).toBeDefined();
      expect.soft(exported).toContain(fault);
    }
    expect(faults).toHaveLength(files.size);
  });
});

describe('every command', () => {
  test('has its script in package.json', () => {
    for (const { script } of commands.values()) expect.soft(Object.keys(manifest.scripts)).toContain(script);
  });

  test('can be loaded, and is a file of src/cli/commands/', async () => {
    const files = [...(await exportsOf('src/cli/commands', ['index.ts'])).keys()];
    expect([...commands.keys()].toSorted()).toEqual(files.toSorted());
    for (const { load } of commands.values()) expect(await load()).toBeTypeOf('function');
  });
});
