import type { Fault } from './fault.ts';

const TWO_HOURS_BEHIND = -7200;

export const clockSkew: Fault = {
  name: 'clock-skew',
  title: 'the clocks of the machines are two hours behind (put right)',
  alter: ({ onCreate }) => {
    onCreate.push((machine) => {
      machine.skew = TWO_HOURS_BEHIND;
    });
  },
};
