import type { Fault } from './fault.ts';

export const checksumWrong: Fault = {
  name: 'checksum-wrong',
  title: "RKE2's tarball is not what its checksum file says",
  alter: ({ artefacts, config }) => {
    artefacts.broken.add(`rke2.linux-${config.rke2.architecture}.tar.gz`);
  },
};
