import { isFirstServer } from '../installed-rke2.ts';
import type { Fault } from './fault.ts';

/** While other machines join it. */
const SECONDS_AFTER_START = 95;

export const serverCrashes: Fault = {
  name: 'server-crashes',
  title: 'RKE2 of the first server crashes once, while others join (they wait and go on)',
  alter: (world) => {
    let crashed = false;
    world.onRke2Start.push((machine, process) => {
      if (crashed || !isFirstServer(world, machine)) return;
      crashed = true;
      world.clock.at(world.clock.now() + SECONDS_AFTER_START, () =>
        process.crash('level=fatal msg="etcd exited: signal: killed"'),
      );
    });
  },
};
