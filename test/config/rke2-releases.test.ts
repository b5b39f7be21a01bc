import { describe, expect, test } from 'vitest';
import { ciliumOf, ciliumVersion, knownReleases } from '../../src/config/rke2-releases.ts';
import { configSchema } from '../../src/config/schema.ts';

const settings = (version: string, ciliumChart?: string) => configSchema.parse({ rke2: { version, ciliumChart } });

describe('the Cilium of an RKE2 release', () => {
  test.each([
    ['v1.36.4+rke2r1', '1.19.601', '1.19.6', 19],
    ['v1.35.8+rke2r1', '1.19.601', '1.19.6', 19],
    ['v1.33.13+rke2r2', '1.19.601', '1.19.6', 19],
    ['v1.33.13+rke2r1', '1.19.402', '1.19.4', 19],
    ['v1.35.0+rke2r3', '1.18.601', '1.18.6', 18],
    ['v1.33.3+rke2r1', '1.17.600', '1.17.6', 17],
  ])('of %s is known to be chart %s', (release, ...expected) => {
    const cilium = ciliumOf(settings(release));
    expect([cilium?.chart, cilium?.version, cilium?.minor]).toEqual(expected);
  });

  test('is the chart that config.yaml names, also for a release that is known', () => {
    expect(ciliumOf(settings('v1.37.0+rke2r1', '1.20.200'))).toEqual({
      chart: '1.20.200',
      version: '1.20.2',
      minor: 20,
    });
    expect(ciliumOf(settings('v1.36.4+rke2r1', '1.20.200'))?.version).toBe('1.20.2');
  });

  test('is unknown for a release that is not in the table', () => {
    expect(ciliumOf(settings('v1.37.0+rke2r1'))).toBeUndefined();
  });

  test('has two digits of the chart behind it', () => {
    expect(ciliumVersion('1.18.1203')).toEqual({ chart: '1.18.1203', version: '1.18.12', minor: 18 });
    expect(ciliumVersion('1.18.000').version).toBe('1.18.0');
    expect(() => ciliumVersion('1.18.3')).toThrow('not an rke2-cilium chart: 1.18.3');
  });

  test('is listed for versions that the schema takes, each once, the default among them', () => {
    for (const release of knownReleases) expect(settings(release).rke2.version).toBe(release);
    expect(new Set(knownReleases).size).toBe(knownReleases.length);
    expect(knownReleases).toContain(configSchema.parse({}).rke2.version);
  });
});
