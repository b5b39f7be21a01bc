import { describe, expect, test } from 'vitest';
import { lbPoolOverlap } from '../../../src/config/rules/lb-pool-overlap.ts';
import { findings, fixes } from './findings.ts';

describe('LB_POOL_OVERLAP', () => {
  const pool = (range: string) => `pools: { default: { range: ${range} } }`;
  const withPool = (range: string) => `features: { loadBalancer: { ${pool(range)} } }`;
  const withStatic = (address: string) => `features: { loadBalancer: { staticIPs: { gateway: ${address} } } }`;

  test('lets a pool pass that is clear of machines and reserved addresses', () => {
    expect(findings(lbPoolOverlap, withStatic('192.168.123.210'))).toEqual([]);
  });

  test.each([
    ['192.168.123.220-192.168.123.255', 'the broadcast address'],
    ['192.168.123.1-192.168.123.9', "the gateway's address"],
    ['192.168.123.0-192.168.123.9', "the network's address"],
    ['192.168.120.1-192.168.120.9', 'another network'],
    ['192.168.122.0-192.168.124.255', 'more than the lab network'],
  ])('refuses %s, which has %s', (range) => {
    expect(findings(lbPoolOverlap, withPool(range))[0]).toBe(
      `error features.loadBalancer.pools.default.range: expected a range in the lab network, 192.168.123.2-192.168.123.254, came ${range}`,
    );
  });

  test('says that DHCP gives away the addresses of the management network', () => {
    expect(findings(lbPoolOverlap, withPool('192.168.121.200-192.168.121.210'))[0]).toContain('DHCP');
  });

  test.each(['192.168.123.250-192.168.123.220', '192.168.123.2-192.168.123.256', '999.1.1.1-999.1.1.2'])(
    'refuses %s, which is no range',
    (range) => {
      expect(findings(lbPoolOverlap, withPool(range))).toEqual([expect.stringContaining(`came ${range}`)]);
    },
  );

  test('says which of the two ways a range is wrong', () => {
    const reversed = withPool('192.168.123.250-192.168.123.220');
    expect(findings(lbPoolOverlap, reversed)[0]).toContain('expected the smaller address first');
    expect(findings(lbPoolOverlap, withPool('1.1.1.1-1.1.1.999'))[0]).toContain(
      'expected two IPv4 addresses with a dash',
    );
  });

  test('offers a range where the subnet is large enough for it', () => {
    const subnet = (text: string) => `machines: { network: { subnet: ${text}, firstServer: 3 } }`;
    expect([subnet('10.9.0.0/24'), subnet('10.9.0.0/25')].flatMap((yaml) => fixes(lbPoolOverlap, yaml))).toEqual([
      'set features.loadBalancer.pools.default.range to a free range of 10.9.0.0/24 such as 10.9.0.220-10.9.0.250',
      'set features.loadBalancer.pools.default.range to a free range of 10.9.0.0/25',
    ]);
  });

  test('takes a pool of one address', () => {
    expect(findings(lbPoolOverlap, withPool('192.168.123.254-192.168.123.254'))).toEqual([]);
  });

  test.each(['192.168.123.40-192.168.123.50', '192.168.123.50-192.168.123.90'])(
    'refuses %s, which has a machine in it',
    (range) => {
      expect(findings(lbPoolOverlap, withPool(range))).toEqual([
        `error features.loadBalancer.pools.default.range: expected a range without 192.168.123.50 of dev-s1, came ${range}`,
      ]);
    },
  );

  test.each(['192.168.123.220', '192.168.123.250', '192.168.123.1', '192.168.123.255', '10.0.0.1'])(
    'refuses to reserve %s',
    (address) => {
      expect(findings(lbPoolOverlap, withStatic(address))).toEqual([
        expect.stringMatching(new RegExp(`^error features.loadBalancer.staticIPs.gateway: .* came ${address}$`)),
      ]);
    },
  );

  test('says nothing where the load balancer is off', () => {
    expect(
      findings(lbPoolOverlap, `features: { loadBalancer: { enabled: false, ${pool('10.0.0.1-10.0.0.2')} } }`),
    ).toEqual([]);
  });
});
