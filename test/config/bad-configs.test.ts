import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load.ts';
import { faultsOf } from './faults-of.ts';

const folder = join(import.meta.dirname, 'bad-configs');
const names = readdirSync(folder).flatMap((file) =>
  file.endsWith('.faults.yaml') ? [] : [file.replace(/\.yaml$/, '')],
);

describe('a bad config.yaml', () => {
  test.each(names)('%s gets all its faults at once, each with place, message and fix', (name) => {
    const expected: unknown = parse(readFileSync(join(folder, `${name}.faults.yaml`), 'utf8'));
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
    expect(faultsOf(() => parseConfig(text, '/lab/config.yaml'))).toEqual(expected);
  });
});
