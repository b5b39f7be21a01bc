import { fileSteps, type Aspect } from './aspect.ts';

const RESOLV_CONF = '/etc/resolv.conf';
const DROP_IN = '/etc/systemd/resolved.conf.d/90-rke2-lab.conf';
const WITHOUT_STUB = '[Resolve]\nDNSStubListener=no\n';
const UPSTREAM = '/run/systemd/resolve/resolv.conf';

/**
 * NODE_DNS_STUB: pods that inherit 127.0.0.53 ask themselves, and a host policy blocks it.
 * https://github.com/coredns/coredns/issues/2087
 */
export const resolver: Aspect<unknown> = async (machine) => {
  const [resolvConf, dropIn] = await Promise.all([
    machine.readFile(RESOLV_CONF),
    fileSteps(machine, DROP_IN, WITHOUT_STUB),
  ]);
  if (!/^nameserver\s+127\.0\.0\.53\b/m.test(resolvConf?.content ?? '')) return [];
  if (dropIn.length > 0) return dropIn;
  return [
    {
      title: `point ${RESOLV_CONF} of ${machine.name} at its real name servers`,
      run: async (signal) => {
        await machine.run(['systemctl', 'restart', 'systemd-resolved'], { signal });
        await machine.run(['ln', '-sfn', UPSTREAM, RESOLV_CONF], { signal });
      },
    },
  ];
};
