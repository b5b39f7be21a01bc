import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles, phaseTable } from '../../src/cli/generated-files.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { phases } from '../../src/phases/index.ts';

const root = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');

test.for(generatedFiles(phases))('$path is as the source says (npm run docs writes it)', ({ path, content }) => {
  const old = text(path);
  expect(content(old)).toBe(old);
});

test('the table of phases has a line for each', () => {
  const rows = phaseTable(phases).split('\n').slice(2);
  expect(rows.map((row) => /^\| `([^`]+)`/.exec(row)?.[1])).toEqual(phases.map(({ name }) => name));
});

test.for([...commands.values()])('README.md tells of npm run $script', ({ script }) => {
  expect(text('README.md')).toContain(`npm run ${script}`);
});

test('ARCHITECTURE.md fits on a page', () => {
  expect(text('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(100);
});
