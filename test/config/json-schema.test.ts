import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';

describe('config.schema.json', () => {
  test('is what the schema gives (npm run docs writes it)', () => {
    expect(readFileSync(join(import.meta.dirname, '../../config.schema.json'), 'utf8')).toBe(configJsonSchema());
  });

  test('asks for no key, knows the defaults and takes no unknown key', () => {
    const schema: unknown = JSON.parse(configJsonSchema());
    expect(schema).not.toHaveProperty('required');
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        machines: {
          properties: { size: { default: 'dev' }, network: { properties: { firstServer: { maximum: 250 } } } },
        },
      },
    });
  });
});
