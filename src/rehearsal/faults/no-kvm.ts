import type { Fault } from './fault.ts';

export const noKvm: Fault = {
  name: 'no-kvm',
  title: 'this computer has no /dev/kvm',
  alter: ({ host }) => {
    host.kvm = 'absent';
  },
};
