import { definePhase } from '../engine/phase.ts';
import type { Artefact, Lab } from '../lab.ts';
import { checkHost } from './check-host.ts';

interface Want {
  readonly release: string;
  /** Names in the release; the tarball first. */
  readonly files: readonly string[];
}

/** The release on the operator's computer. */
export interface Rke2Files {
  readonly release: string;
  readonly tarball: Artefact;
  readonly images: readonly Artefact[];
}

export const fetchRke2 = definePhase({
  name: 'fetch-rke2',
  title: 'Fetch RKE2 once',
  scope: 'lab',
  needs: { host: checkHost },
  reads({ rke2 }): Want {
    const tarball = `rke2.linux-${rke2.architecture}.tar.gz`;
    const images = ['core', 'cilium'].map((part) => `rke2-images-${part}.linux-${rke2.architecture}.tar.zst`);
    return { release: rke2.version, files: rke2.images === 'preload' ? [tarball, ...images] : [tarball] };
  },
  writes: ['artefacts'],
  async plan(lab, { release, files }) {
    const found = await Promise.all(files.map((file) => lab.artefacts.find(release, file)));
    return files
      .filter((_, index) => !found[index])
      .map((file) => ({
        title: `download ${file} of ${release}`,
        run: (signal: AbortSignal) => lab.artefacts.fetch(release, file, signal),
      }));
  },
  async facts(lab, { release, files }): Promise<Rke2Files> {
    const [tarball, ...images] = await Promise.all(files.map((file) => presentFile(lab, release, file)));
    if (!tarball) throw new Error('fetch-rke2 wants no file');
    return { release, tarball, images };
  },
});

async function presentFile(lab: Lab, release: string, file: string): Promise<Artefact> {
  const artefact = await lab.artefacts.find(release, file);
  if (!artefact) throw new Error(`${file} of ${release} was in the cache a moment ago`);
  return artefact;
}
