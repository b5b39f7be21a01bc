import { describe, expect, test } from 'vitest';
import { dotted, isRelated, oncePerPath, quoted } from '../../src/config/finding.ts';

describe('a finding', () => {
  test('has its path written with dots, and places of lists in brackets', () => {
    expect(dotted(['machines', 'hosts', 0, 'name'])).toBe('machines.hosts[0].name');
    expect(dotted([])).toBe('');
  });

  test('is related to what holds it and to what it holds', () => {
    expect(isRelated(['a', 'b'], ['a'])).toBe(true);
    expect(isRelated(['a'], ['a', 'b'])).toBe(true);
    expect(isRelated(['a', 'b'], ['a', 'c'])).toBe(false);
    expect(isRelated(['a'], ['b', 'a'])).toBe(false);
  });

  test('is kept once for each path, the first, in order', () => {
    const [one, two, three] = ['a', 'b', 'a'].map((key, index) => ({ path: [key], message: String(index), fix: 'f' }));
    if (one === undefined || two === undefined || three === undefined) throw new Error('three were made');
    expect(oncePerPath([one, two, three])).toEqual([one, two]);
  });

  test.each([
    ['4', '"4" (string)'],
    [4, '4 (number)'],
    [Infinity, 'Infinity (number)'],
    [true, 'true (boolean)'],
    [null, 'nothing (null)'],
    [{ a: 1 }, 'a map'],
    [[1, 2], 'a list of 2'],
    ['x'.repeat(58), `"${'x'.repeat(58)}" (string)`],
    ['x'.repeat(59), `"${'x'.repeat(56)}… (string)`],
  ])('quotes %j with its type', (value, text) => {
    expect(quoted(value)).toBe(text);
  });
});
