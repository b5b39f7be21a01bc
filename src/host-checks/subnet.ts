import { overlap, parseSubnet, type Subnet } from '../config/addresses.ts';
import { LabError } from '../engine/errors.ts';
import type { Lab } from '../lab.ts';
import type { HostCheck, HostWanted, NspawnWanted } from './host-check.ts';
import { virsh, virshNames } from './virsh.ts';

interface Route {
  readonly dst: string;
  readonly dev: string;
}

const CLASH = {
  id: 'HOST_SUBNET_CLASH',
  link: 'https://github.com/kubernetes-sigs/kubespray/issues/12331',
};

export const subnet: HostCheck = {
  ...CLASH,
  async find(lab, wanted) {
    const subnets = [
      { key: 'machines.network.subnet', cidr: wanted.labSubnet },
      { key: 'machines.libvirt.managementNetwork.subnet', cidr: wanted.managementNetwork.subnet },
    ];
    return takenSubnet(lab, subnets, () => ownBridges(lab, wanted));
  },
};

export const nspawnSubnet: HostCheck<NspawnWanted> = {
  ...CLASH,
  async find(lab, { labSubnet, managementSubnet }) {
    const subnets = [
      { key: 'machines.network.subnet', cidr: labSubnet },
      { key: 'machines.nspawn.managementSubnet', cidr: managementSubnet },
    ];
    return takenSubnet(lab, subnets, async () => new Set((await lab.provider.owned()).map(({ name }) => name)));
  },
};

interface WantedSubnet {
  /** Of config.yaml. */
  readonly key: string;
  readonly cidr: string;
}

async function takenSubnet(
  lab: Lab,
  subnets: readonly WantedSubnet[],
  ownDevices: () => Promise<ReadonlySet<string>>,
): Promise<LabError | undefined> {
  const [{ code, stdout, stderr }, own] = await Promise.all([
    lab.host.look(['ip', '-j', '-4', 'route', 'show']),
    ownDevices(),
  ]);
  if (code !== 0) return new LabError(`ip route failed: ${stderr.trim()}`, 'sudo apt install iproute2');
  const routes: readonly Route[] = stdout.trim() ? JSON.parse(stdout) : [];
  for (const { key, cidr } of subnets) {
    const taken = routes.find(
      ({ dst, dev }) => dst !== 'default' && !own.has(dev) && overlap(subnetOf(dst), parseSubnet(cidr)),
    );
    if (taken)
      return new LabError(
        `${key} ${cidr} overlaps ${taken.dst}, which this computer reaches through ${taken.dev}`,
        `choose a free subnet for ${key} in config.yaml (ip -4 route shows those in use)`,
      );
  }
  return undefined;
}

/** `ip` writes a single address without a prefix. */
function subnetOf(destination: string): Subnet {
  return parseSubnet(destination.includes('/') ? destination : `${destination}/32`);
}

/** Bridges of the networks that the lab itself uses: a lab that is up is no clash. */
async function ownBridges(lab: Lab, { uri, managementNetwork }: HostWanted): Promise<ReadonlySet<string>> {
  const present = (await virshNames(lab, uri, 'net-list', '--all')) ?? [];
  const names = [managementNetwork.name, `rke2-lab-${lab.name}`].filter((name) => present.includes(name));
  const dumps = await Promise.all(names.map((name) => virsh(lab, uri, 'net-dumpxml', name)));
  return new Set(dumps.flatMap((xml) => /<bridge name='([^']+)'/.exec(xml ?? '')?.[1] ?? []));
}
