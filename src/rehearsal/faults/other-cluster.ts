import { installEarlierRke2, isFirstServer } from '../installed-rke2.ts';
import type { Fault } from './fault.ts';

const TOKEN = 'a token that somebody chose';

export const otherCluster: Fault = {
  name: 'other-cluster',
  title: 'the first server holds the RKE2 of another cluster',
  alter: (world) => {
    world.onCreate.push((machine) => {
      if (!isFirstServer(world, machine)) return;
      installEarlierRke2(world, machine, { token: TOKEN, config: `token: ${TOKEN}\ncni: cilium\n` });
    });
  },
};
