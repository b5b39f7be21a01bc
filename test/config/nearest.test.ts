import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest } from '../../src/config/nearest.ts';

describe('the nearest known word', () => {
  test.each([
    ['provder', 'provider'],
    ['Provider', 'provider'],
    ['hsots', 'hosts'],
    ['networks', 'network'],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, ['provider', 'size', 'sizes', 'network', 'box', 'libvirt', 'hosts'])).toBe(expected);
  });

  test.each(['zebra', '', 'x', 'bo'])('is none for %j', (word) => {
    expect(nearest(word, ['provider', 'size', 'hosts', 'ab'])).toBeUndefined();
  });

  test('is the nearer one of two', () => {
    expect(nearest('ingresPolicy', ['egressPolicy', 'ingressPolicy'])).toBe('ingressPolicy');
  });

  test('counts a swap of neighbours as one edit', () => {
    expect(distance('hsots', 'hosts')).toBe(1);
    expect(distance('', 'abc')).toBe(3);
    expect(distance('kitten', 'sitting')).toBe(3);
  });

  test('is as far from one as the one from it, and far from itself never', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(
        word,
        word,
        (one, other) => distance(one, other) === distance(other, one) && distance(one, one) === 0,
      ),
    );
  });
});
