import type { CiliumVersion, Settings } from './schema.ts';

/**
 * The rke2-cilium chart in each RKE2 release, newest first.
 * From `charts/chart_versions.yaml` of the release's tag, https://github.com/rancher/rke2/tree/v1.36.3+rke2r1/charts;
 * of v1.36.4 and v1.35.8 that of their release candidates.
 */
const releases: Readonly<Record<string, readonly string[]>> = {
  '1.19.601': [
    ...['v1.36.4+rke2r1', 'v1.36.4-rc1+rke2r1', 'v1.36.3+rke2r1', 'v1.35.8+rke2r1', 'v1.35.8-rc1+rke2r1'],
    ...['v1.35.7+rke2r1', 'v1.34.10+rke2r1', 'v1.33.13+rke2r2'],
  ],
  '1.19.402': ['v1.36.2+rke2r1', 'v1.35.6+rke2r1', 'v1.34.9+rke2r1', 'v1.33.13+rke2r1'],
  '1.19.303': ['v1.36.1+rke2r1', 'v1.36.0+rke2r1', 'v1.35.5+rke2r1', 'v1.34.8+rke2r1', 'v1.33.12+rke2r1'],
  '1.19.300': ['v1.35.4+rke2r1', 'v1.34.7+rke2r1', 'v1.33.11+rke2r1'],
  '1.19.101': ['v1.35.3+rke2r1', 'v1.34.6+rke2r1', 'v1.33.10+rke2r1'],
  '1.19.100': ['v1.35.2+rke2r1', 'v1.34.5+rke2r1', 'v1.33.9+rke2r1', 'v1.32.13+rke2r1'],
  '1.19.001': ['v1.35.1+rke2r1', 'v1.34.4+rke2r1', 'v1.33.8+rke2r1', 'v1.32.12+rke2r1'],
  '1.18.601': ['v1.35.0+rke2r3', 'v1.35.0+rke2r2', 'v1.34.3+rke2r3', 'v1.34.3+rke2r2'],
  '1.18.401': ['v1.35.0+rke2r1', 'v1.34.3+rke2r1', 'v1.33.7+rke2r1'],
  '1.18.300': ['v1.34.2+rke2r1', 'v1.33.6+rke2r1', 'v1.32.10+rke2r1'],
  '1.18.103': ['v1.34.1+rke2r1', 'v1.33.5+rke2r1', 'v1.32.9+rke2r1'],
  '1.18.000': ['v1.33.4+rke2r1'],
  '1.17.600': ['v1.33.3+rke2r1'],
};

const chartOf = new Map(
  Object.entries(releases).flatMap(([chart, versions]) => versions.map((version) => [version, chart])),
);

/** Every RKE2 version whose chart is known, newest first. */
export const knownReleases: readonly string[] = [...chartOf.keys()];

/** What `rke2.ciliumChart` says, else what is known of `rke2.version`; undefined where neither tells. */
export function ciliumOf(settings: Settings): CiliumVersion | undefined {
  const chart = settings.rke2.ciliumChart ?? chartOf.get(settings.rke2.version);
  return chart === undefined ? undefined : ciliumVersion(chart);
}

/** A chart's number is Cilium's version and two digits of its own: 1.19.601 is Cilium 1.19.6, revision 01. */
export function ciliumVersion(chart: string): CiliumVersion {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)\d\d$/.exec(chart) ?? [];
  if (major === undefined || minor === undefined || patch === undefined)
    throw new Error(`not an rke2-cilium chart: ${chart}`);
  return { chart, version: `${major}.${minor}.${patch}`, minor: Number(minor) };
}
