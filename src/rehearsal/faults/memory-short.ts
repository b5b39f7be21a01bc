import { writeMeminfo } from '../host-state.ts';
import type { Fault } from './fault.ts';

const LEFT_KB = 200 * 1024;

export const memoryShort: Fault = {
  name: 'memory-short',
  title: 'this computer has 200 MB of memory left',
  alter: ({ host }) => writeMeminfo(host.files, LEFT_KB),
};
