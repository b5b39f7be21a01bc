import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as listed from '../../../src/config/rules/index.ts';
import type { Rule } from '../../../src/config/rules/rule.ts';

const folder = join(import.meta.dirname, '../../../src/config/rules');
const files = readdirSync(folder).filter((file) => file !== 'index.ts' && file !== 'rule.ts');
const rules: readonly Rule[] = Object.values(listed);

describe('the rules', () => {
  test('are one a file, named as the id, each in the list and with a test of its own', () => {
    const ids = files.map((file) => file.replace('.ts', '').replaceAll('-', '_').toUpperCase());
    expect(rules.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const tests = readdirSync(import.meta.dirname);
    for (const file of files) expect(tests).toContain(file.replace('.ts', '.test.ts'));
  });

  test.each(rules)('$id has a sentence for a title and an upstream page for a reason', ({ title, link }) => {
    expect(title).toMatch(/^[A-Z].*\.$/);
    expect(URL.canParse(link) && link.startsWith('https://')).toBe(true);
  });
});
