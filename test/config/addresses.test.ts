import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contains,
  formatAddress,
  isWithin,
  overlap,
  parseAddress,
  parseAddressRange,
  parseSubnet,
  usable,
} from '../../src/config/addresses.ts';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('addresses', () => {
  test('are read and written alike', () => {
    fc.assert(fc.property(address, (number) => parseAddress(formatAddress(number)) === number));
    expect(parseAddress('192.168.123.50')).toBe(0xc0a87b32);
  });

  test.each(['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.04', '1.2.3.-4', '1.2.3.4 ', '1.2.3.a', '1..2.3'])(
    'are not %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test('make a subnet that holds the address it is written with', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 32 }), (number, prefix) => {
        const subnet = parseSubnet(`${formatAddress(number)}/${prefix}`);
        expect(contains(subnet, number)).toBe(true);
        expect(subnet.last - subnet.first + 1).toBe(2 ** (32 - prefix));
        expect(parseSubnet(subnet.text)).toEqual(subnet);
      }),
    );
    expect(parseSubnet('192.168.123.77/26')).toEqual({
      first: 0xc0a87b40,
      last: 0xc0a87b7f,
      prefix: 26,
      text: '192.168.123.64/26',
    });
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '10.0.0.0/8/9', '10.0.0.0/a'])(
    'make no subnet of %j',
    (text) => {
      expect(() => parseSubnet(text)).toThrow(`not an IPv4 subnet: ${text}`);
    },
  );

  test('make a range in either order', () => {
    expect(parseAddressRange('0.0.0.9-0.0.0.3')).toEqual({ first: 9, last: 3 });
    for (const text of ['0.0.0.9', '0.0.0.9-', '0.0.0.1-0.0.0.2-0.0.0.3', '0.0.0.1-0.0.0.999'])
      expect(parseAddressRange(text)).toBeUndefined();
  });

  test('overlap where they share one, whichever comes first', () => {
    const range = fc
      .tuple(address, address)
      .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));
    fc.assert(
      fc.property(range, range, (one, other) => {
        const shared = Math.min(one.last, other.last) - Math.max(one.first, other.first) >= 0;
        expect([overlap(one, other), overlap(other, one)]).toEqual([shared, shared]);
        if (isWithin(one, other)) expect(shared).toBe(true);
      }),
    );
    expect(overlap({ first: 1, last: 2 }, { first: 2, last: 3 })).toBe(true);
    expect(overlap({ first: 1, last: 2 }, { first: 3, last: 4 })).toBe(false);
  });

  test('are for machines from the third to the last but one of a subnet', () => {
    expect(usable(parseSubnet('0.0.0.0/29'))).toEqual({ first: 2, last: 6 });
  });
});
