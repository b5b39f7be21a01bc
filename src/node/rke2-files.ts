import type { Step } from '../engine/phase.ts';
import type { Artefact, Machine } from '../lab.ts';
import type { Rke2State } from './rke2-state.ts';

const STORE = '/var/lib/rancher/rke2-lab';
/** RKE2 imports every archive of this folder into containerd at its start. */
const IMAGES = '/var/lib/rancher/rke2/agent/images';

export interface Rke2FilesWanted {
  readonly release: string;
  readonly tarball: Artefact;
  readonly images: readonly Artefact[];
}

/** The program and its images, from the cache of the operator's computer. */
export async function rke2FileSteps(
  machine: Machine,
  state: Rke2State,
  files: Rke2FilesWanted,
): Promise<readonly Step[]> {
  const tarball = { artefact: files.tarball, path: `${STORE}/${files.release}/${files.tarball.file}` };
  const images = files.images.map((artefact) => ({ artefact, path: `${IMAGES}/${artefact.file}` }));
  const wanted = state.version === files.release ? images : [tarball, ...images];
  const sizes = await Promise.all(wanted.map(({ path }) => machine.look(['stat', '-c', '%s', path])));
  // An upload is whole or not there: its digest was checked before it got its name, so the size tells enough.
  const uploads = wanted
    .filter(({ artefact }, index) => Number(sizes[index]?.stdout) !== artefact.size)
    .map(({ artefact, path }) => ({
      title: `copy ${artefact.file} to ${machine.name}`,
      run: (signal: AbortSignal) => machine.upload(artefact, path, signal),
    }));
  return state.version === files.release ? uploads : [...uploads, unpacking(machine, tarball.path, files.release)];
}

function unpacking(machine: Machine, tarball: string, release: string): Step {
  return {
    title: `unpack RKE2 ${release} on ${machine.name}`,
    run: async (signal) => {
      await machine.run(['tar', '-xzf', tarball, '-C', '/usr/local'], { signal });
      await machine.run(['systemctl', 'daemon-reload'], { signal });
    },
  };
}
