import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const scripts = join(import.meta.dirname, '../../scripts');

describe.for(readdirSync(scripts))('scripts/%s', (file) => {
  test('has at most 30 lines: the logic is in src/', () => {
    expect(readFileSync(join(scripts, file), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  });

  test('is run by npm', () => {
    expect(Object.values(manifest.scripts).join('\n')).toContain(`node scripts/${file}`);
  });
});
