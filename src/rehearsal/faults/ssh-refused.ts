import type { Fault } from './fault.ts';

export const sshRefused: Fault = {
  name: 'ssh-refused',
  title: "the machines do not take the lab's SSH key",
  alter: ({ onCreate }) => {
    onCreate.push((machine) => {
      machine.login = 'key-refused';
    });
  },
};
