import { LabError } from '../engine/errors.ts';
import type { Lab } from '../lab.ts';
import { overlap } from './subnets.ts';
import type { HostCheck, HostWanted } from './host-check.ts';
import { virsh, virshNames } from './virsh.ts';

interface Route {
  readonly dst: string;
  readonly dev: string;
}

export const subnet: HostCheck = {
  id: 'HOST_SUBNET_CLASH',
  link: 'https://github.com/kubernetes-sigs/kubespray/issues/12331',
  async find(lab, wanted) {
    const [{ code, stdout, stderr }, own] = await Promise.all([
      lab.host.look(['ip', '-j', '-4', 'route', 'show']),
      ownBridges(lab, wanted),
    ]);
    if (code !== 0) return new LabError(`ip route failed: ${stderr.trim()}`, 'sudo apt install iproute2');
    const routes: readonly Route[] = stdout.trim() ? JSON.parse(stdout) : [];
    const ours = [
      { key: 'machines.network.subnet', cidr: wanted.labSubnet },
      { key: 'machines.libvirt.managementNetwork.subnet', cidr: wanted.managementNetwork.subnet },
    ];
    for (const { key, cidr } of ours) {
      const taken = routes.find(({ dst, dev }) => dst !== 'default' && !own.has(dev) && overlap(dst, cidr));
      if (taken)
        return new LabError(
          `${key} ${cidr} overlaps ${taken.dst}, which this computer reaches through ${taken.dev}`,
          `choose a free subnet for ${key} in config.yaml (ip -4 route shows those in use)`,
        );
    }
    return undefined;
  },
};

/** Bridges of the networks that the lab itself uses: a lab that is up is no clash. */
async function ownBridges(lab: Lab, { uri, managementNetwork }: HostWanted): Promise<ReadonlySet<string>> {
  const present = (await virshNames(lab, uri, 'net-list', '--all')) ?? [];
  const names = [managementNetwork.name, `rke2-lab-${lab.name}`].filter((name) => present.includes(name));
  const dumps = await Promise.all(names.map((name) => virsh(lab, uri, 'net-dumpxml', name)));
  return new Set(dumps.flatMap((xml) => /<bridge name='([^']+)'/.exec(xml ?? '')?.[1] ?? []));
}
