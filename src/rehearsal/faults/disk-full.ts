import { isFirstServer } from '../installed-rke2.ts';
import type { Fault } from './fault.ts';

const BYTES = 30e6;

export const diskFull: Fault = {
  name: 'disk-full',
  title: 'the disk of the first server is full',
  alter: (world) => {
    world.onCreate.push((machine) => {
      if (isFirstServer(world, machine)) machine.diskSize = BYTES;
    });
  },
};
