import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { knownKeys } from '../../src/config/known-keys.ts';
import { parseConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { Path } from '../../src/config/finding.ts';
import { faultsOf } from './faults-of.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../config.yaml'), 'utf8');

/** Every fault can be shown: it has a place in the text, says what is wrong and what to do. */
function expectPlaces(text: string): void {
  const lines = text.split('\n').length;
  for (const fault of faultsOf(() => parseConfig(text, 'f'))) {
    expect(fault.line).toBeGreaterThanOrEqual(1);
    expect(fault.line).toBeLessThanOrEqual(lines);
    expect(fault.column).toBeGreaterThanOrEqual(1);
    expect(fault.message).not.toBe('');
    expect(fault.fix).not.toBe('');
  }
}

/** Paths of all maps with fixed keys. */
function mapPaths(path: Path = []): Path[] {
  const keys = knownKeys(path);
  return keys.length === 0 ? [] : [path, ...keys.flatMap((key) => mapPaths([...path, key]))];
}

/** What both YAML and JSON can say: -0 is not among it. */
const plain = fc.json({ maxDepth: 2 }).map((text): unknown => JSON.parse(text));

const maps = mapPaths();
const keyPaths = maps.flatMap((map) => knownKeys(map).map((key): Path => [...map, key]));

/** A map that holds nothing but this value, at that path. */
function nested(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

describe('any text', () => {
  test('is a configuration or a list of faults with places', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectPlaces), { numRuns: 100 });
  });

  test('made of the signs that YAML is made of is that too', () => {
    const sign = fc.constantFrom(
      'a',
      'lab',
      'machines',
      ': ',
      ':',
      '- ',
      '\n',
      '\n  ',
      '\r\n',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '&a ',
    );
    const rare = fc.constantFrom(
      '*a',
      '!!map ',
      '!x ',
      '? ',
      '| ',
      '> ',
      '<<: ',
      '#',
      '\t',
      '%YAML 1.1\n',
      '---\n',
      '...\n',
      '1',
      '~',
      '@',
      '`',
    );
    const text = fc
      .array(fc.oneof({ weight: 3, arbitrary: sign }, rare), { maxLength: 40 })
      .map((signs) => signs.join(''));
    fc.assert(fc.property(text, expectPlaces), { numRuns: 500 });
  });

  test('that was the shipped config.yaml before it was damaged is that too', () => {
    const damage = fc.record({ at: fc.nat(shipped.length), gone: fc.nat(12), put: fc.string({ maxLength: 4 }) });
    const text = fc
      .array(damage, { minLength: 1, maxLength: 4 })
      .map((damages) =>
        damages.reduce((left, { at, gone, put }) => left.slice(0, at) + put + left.slice(at + gone), shipped),
      );
    fc.assert(fc.property(text, expectPlaces), { numRuns: 100 });
  });
});

describe('any value', () => {
  test('at any known key is taken, or is a fault with a place', () => {
    const value = fc.oneof(plain, fc.constantFrom('0.0.0.0', 'a-1', 0, 1));
    fc.assert(
      fc.property(fc.constantFrom(...keyPaths), value, (path, content) =>
        expectPlaces(stringify(nested(path, content))),
      ),
      { numRuns: 250 },
    );
  });

  test('at a key with two letters swapped gets the known key for a fix', () => {
    for (const path of keyPaths) {
      for (const wrong of swaps(String(path.at(-1)))) {
        const text = stringify(nested([...path.slice(0, -1), wrong], 1));
        const line = text.split('\n').findIndex((candidate) => candidate.includes(`${wrong}:`)) + 1;
        const fix = `write ${path.at(-1)} instead of ${wrong}`;
        expect(faultsOf(() => parseConfig(text, 'f'))).toEqual([expect.objectContaining({ line, fix })]);
      }
    }
  });
});

/** The word with each pair of neighbours swapped; none of a word that is too short to be recognized. */
function swaps(word: string): string[] {
  const swapped = Array.from(
    { length: word.length - 1 },
    (_, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  );
  return word.length < 4 ? [] : swapped.filter((candidate) => candidate !== word);
}

describe('a good configuration', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const good = fc
    .record({
      name: fc.stringMatching(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/),
      size: fc.constantFrom('dev', 'staging', 'prod'),
      net: octet,
      version: fc.constantFrom('v1.36.4+rke2r1', 'v1.35.8+rke2r1', 'v1.34.3+rke2r1'),
      provider: fc.constantFrom('metallb', 'cilium'),
      flags: fc.record({ hostFirewall: fc.boolean(), mutualAuth: fc.boolean(), encryption: fc.boolean() }),
      values: fc.dictionary(fc.stringMatching(/^[a-c]{1,3}$/), plain),
    })
    .map(({ name, size, net, version, provider, flags, values }) => ({
      lab: { name },
      machines: { size, network: { subnet: `172.20.${net}.0/24` } },
      rke2: { version },
      features: {
        loadBalancer: { provider, pools: { default: { range: `172.20.${net}.100-172.20.${net}.200` } } },
        cilium: {
          hostFirewall: { enabled: flags.hostFirewall },
          mutualAuth: { enabled: flags.mutualAuth },
          encryption: { enabled: flags.encryption },
          values,
        },
      },
    }));

  test('comes back as it was written, however it is written', () => {
    fc.assert(
      fc.property(good, (given) => {
        const { file, nodes, cilium, ...settings } = parseConfig(stringify(given), 'f');
        expect(settings).toEqual(configSchema.parse(given));
        for (const text of [stringify(settings), JSON.stringify(given), stringify(given).replaceAll('\n', '\r\n')]) {
          expect(parseConfig(text, file)).toEqual({ file, nodes, cilium, ...settings });
        }
      }),
      { numRuns: 100 },
    );
  });
});
