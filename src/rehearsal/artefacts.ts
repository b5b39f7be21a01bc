import { LabError } from '../engine/errors.ts';
import type { Artefacts } from '../lab.ts';
import type { Session } from './session.ts';

const LOOK_SECONDS = 0.05;

/** The download cache. */
export function rehearsedArtefacts(session: Session): Artefacts {
  const { artefacts, host } = session.world;
  return {
    find: async (release, file) => {
      await session.wait(LOOK_SECONDS);
      const { path } = artefacts.describe(release, file);
      return artefacts.cached.get(path);
    },
    fetch: (release, file, signal) =>
      session.write({ where: 'artefacts', what: 'artefacts' }, async () => {
        const artefact = artefacts.describe(release, file);
        await session.wait(artefacts.secondsFor(artefact), signal);
        if (artefact.size > host.diskLeft)
          throw new LabError(
            `could not store ${artefact.path}: no space left on device`,
            `df -h ${session.world.directory}`,
          );
        if (artefacts.broken.has(file))
          throw new LabError(
            `${file} of ${release} is not what its checksum file says`,
            'run this command again; if it stays so, compare with the checksums that the release page of RKE2 shows, or correct rke2.mirror in config.yaml',
          );
        host.diskLeft -= artefact.size;
        artefacts.cached.set(artefact.path, artefact);
      }),
  };
}
