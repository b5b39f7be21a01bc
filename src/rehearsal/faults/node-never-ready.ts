import type { Fault } from './fault.ts';

export const nodeNeverReady: Fault = {
  name: 'node-never-ready',
  title: "Cilium's pods never come up, so no node gets ready",
  alter: (world) => {
    world.rolloutsStuck = true;
  },
};
