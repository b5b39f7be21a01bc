import type { Fault } from './fault.ts';

export const wrongInterface: Fault = {
  name: 'wrong-interface',
  title: 'the machines have their address on another interface than config.yaml says',
  alter: ({ onCreate }) => {
    onCreate.push((machine) => {
      machine.links = machine.links.map((link) =>
        link.address === machine.node.address ? { ...link, name: 'ens9' } : link,
      );
    });
  },
};
