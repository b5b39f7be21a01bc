import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportName } from '../../src/cli/phase-template.ts';
import { phases } from '../../src/phases/index.ts';

const root = join(import.meta.dirname, '../..');
const files = readdirSync(join(root, 'src/phases')).filter((file) => file !== 'index.ts');

describe.for(files)('src/phases/%s', (file) => {
  const name = file.replace(/\.ts$/, '');

  test('exports a phase of its own name, which src/phases/index.ts lists', async () => {
    const module: Record<string, unknown> = await import(join(root, 'src/phases', file));
    const phase = phases.find((one) => one.name === name);
    expect(phase).toBeDefined();
    expect(module[exportName(name)]).toBe(phase);
  });

  test('is told of in both READMEs', () => {
    for (const readme of ['README.md', 'docs/fr/README.md'])
      expect(readFileSync(join(root, readme), 'utf8')).toContain(`\`${name}\``);
  });
});

describe.for(phases)('phase $name', (phase) => {
  test('has a title that is an order with a capital', () => {
    expect(phase.title).toMatch(/^[A-Z][^.]*[^.]$/);
  });

  test('says what it may change in the agreed spelling', () => {
    for (const pattern of phase.writes)
      expect(pattern).toMatch(/^(machine:.+|host:.+|kube:[A-Z].*|provider|artefacts)$/);
  });

  test('needs only phases that are listed', () => {
    for (const need of Object.values(phase.needs)) expect(phases).toContain(need);
  });
});

test('no phase is listed twice', () => {
  expect(new Set(phases.map(({ name }) => name)).size).toBe(phases.length);
  expect(phases).toHaveLength(files.length);
});
