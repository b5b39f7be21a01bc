import type { Finding } from './finding.ts';
import { nearest } from './nearest.ts';
import { nodesOf, sizesOf } from './nodes.ts';
import { ciliumOf, ciliumVersion } from './rke2-releases.ts';
import type { Config, Settings } from './schema.ts';

export interface Completed {
  /** With no nodes, or a stand-in for Cilium, where a finding says that they are unknown. */
  readonly config: Config;
  readonly findings: readonly Finding[];
}

/** Adds what config.yaml only implies: the machines, and the Cilium that the RKE2 version brings. */
export function complete(settings: Settings, file: string): Completed {
  const nodes = nodesOf(settings);
  const cilium = ciliumOf(settings);
  const findings = [
    ...(nodes === undefined ? [unknownSize(settings)] : []),
    ...(cilium === undefined ? [unknownCilium(settings)] : []),
  ];
  return { config: { ...settings, file, nodes: nodes ?? [], cilium: cilium ?? ciliumVersion('1.19.601') }, findings };
}

function unknownSize(settings: Settings): Finding {
  const { size } = settings.machines;
  const known = Object.keys(sizesOf(settings));
  const near = nearest(size, known);
  return {
    path: ['machines', 'size'],
    involves: [['machines', 'sizes']],
    message: `expected one of ${known.join(', ')}, came ${JSON.stringify(size)}`,
    fix: near === undefined ? `choose one of them, or add machines.sizes.${size}` : `write size: ${near}`,
  };
}

function unknownCilium(settings: Settings): Finding {
  const { version } = settings.rke2;
  return {
    path: ['rke2', 'version'],
    involves: [['rke2', 'ciliumChart']],
    message: `expected an RKE2 version whose Cilium is known, came ${JSON.stringify(version)}`,
    fix: `set rke2.ciliumChart to the version of rke2-cilium in https://github.com/rancher/rke2/blob/${version}/charts/chart_versions.yaml`,
  };
}
