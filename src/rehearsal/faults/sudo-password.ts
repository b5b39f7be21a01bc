import type { Fault } from './fault.ts';

export const sudoPassword: Fault = {
  name: 'sudo-password',
  title: 'sudo on the machines wants a password',
  alter: ({ onCreate }) => {
    onCreate.push((machine) => {
      machine.sudoNeedsPassword = true;
    });
  },
};
