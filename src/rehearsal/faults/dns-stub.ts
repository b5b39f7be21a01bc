import type { Fault } from './fault.ts';

export const dnsStub: Fault = {
  name: 'dns-stub',
  title: "the machines' resolv.conf is a file that names 127.0.0.53 (put right)",
  alter: ({ onCreate }) => {
    onCreate.push(({ files }) => files.write('/etc/resolv.conf', { content: 'nameserver 127.0.0.53\n' }));
  },
};
