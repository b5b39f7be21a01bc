import { installEarlierRke2, isFirstServer } from '../installed-rke2.ts';
import type { Fault } from './fault.ts';

export const wrongToken: Fault = {
  name: 'wrong-token',
  title: 'the first server was installed with the token of an earlier lab of the same name',
  alter: (world) => {
    world.onCreate.push((machine) => {
      if (!isFirstServer(world, machine)) return;
      const token = world.newSecret();
      const mark = `# Written by rke2-lab for lab ${world.config.lab.name}; other edits are put back.`;
      installEarlierRke2(world, machine, { token, config: `${mark}\ntoken: ${token}\ncni: cilium\n` });
    });
  },
};
