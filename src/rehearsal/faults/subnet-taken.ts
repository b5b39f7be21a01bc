import type { Fault } from './fault.ts';

export const subnetTaken: Fault = {
  name: 'subnet-taken',
  title: 'a VPN of this computer has the subnet of the lab',
  alter: ({ host, config }) => {
    host.routes.push({ dst: config.machines.network.subnet, dev: 'tun0' });
  },
};
