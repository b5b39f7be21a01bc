import type { Fault } from './fault.ts';

export const noVagrant: Fault = {
  name: 'no-vagrant',
  title: 'vagrant is not installed',
  alter: ({ host }) => {
    host.vagrant = undefined;
  },
};
