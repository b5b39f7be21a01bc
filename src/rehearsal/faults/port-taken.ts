import { isFirstServer } from '../installed-rke2.ts';
import type { Fault } from './fault.ts';

export const portTaken: Fault = {
  name: 'port-taken',
  title: 'another program of the first server has port 6443',
  alter: (world) => {
    world.onCreate.push((machine) => {
      if (isFirstServer(world, machine)) machine.listeners.set(6443, 'haproxy');
    });
  },
};
