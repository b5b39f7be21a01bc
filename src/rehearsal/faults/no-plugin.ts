import type { Fault } from './fault.ts';

export const noPlugin: Fault = {
  name: 'no-plugin',
  title: 'vagrant has no plug-in for libvirt',
  alter: ({ host }) => host.plugins.clear(),
};
