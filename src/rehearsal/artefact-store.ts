import { createHash } from 'node:crypto';
import type { Artefact } from '../lab.ts';

const MB = 1e6;
/** Bytes a second of the operator's line. */
const DOWNLOAD_RATE = 50 * MB;
/** Files of an RKE2 release and their sizes, as of v1.36. */
const SIZES: readonly (readonly [RegExp, number])[] = [
  [/^rke2\.linux-(amd64|arm64)\.tar\.gz$/, 42 * MB],
  [/^rke2-images-core\.linux-(amd64|arm64)\.tar\.zst$/, 420 * MB],
  [/^rke2-images-cilium\.linux-(amd64|arm64)\.tar\.zst$/, 360 * MB],
  [/^rke2-images\.linux-(amd64|arm64)\.tar\.zst$/, 790 * MB],
];

/** The release server and the cache of the operator's computer. */
export interface ArtefactStore {
  /** What the cache holds. */
  readonly cached: Map<string, Artefact>;
  /** Files whose checksum on the server is not that of what it sends. */
  readonly broken: Set<string>;
  /** What there is to download. A file that the release does not have is a bug. */
  describe(release: string, file: string): Artefact;
  secondsFor(artefact: Artefact): number;
}

export function artefactStore(directory: string): ArtefactStore {
  return {
    cached: new Map(),
    broken: new Set(),
    describe: (release, file) => {
      const size = SIZES.find(([name]) => name.test(file))?.[1];
      if (size === undefined) throw new Error(`RKE2 ${release} has no file ${file}`);
      const sha256 = createHash('sha256').update(`${release}/${file}`).digest('hex');
      return { file, path: `${directory}/cache/${release}/${file}`, sha256, size };
    },
    secondsFor: ({ size }) => 1 + size / DOWNLOAD_RATE,
  };
}
