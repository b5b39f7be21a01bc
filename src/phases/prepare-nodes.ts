import type { Config, Node } from '../config/schema.ts';
import { definePhase } from '../engine/phase.ts';
import { address, type AddressWanted } from '../node/address.ts';
import { dataDisk, type DataDiskWanted } from '../node/data-disk.ts';
import { firewall } from '../node/firewall.ts';
import { multipath } from '../node/multipath.ts';
import { packages } from '../node/packages.ts';
import { resolver } from '../node/resolver.ts';
import { sysctls } from '../node/sysctls.ts';
import { timeSteps } from '../node/time.ts';
import { createMachines } from './create-machines.ts';

type Want = AddressWanted & DataDiskWanted & { readonly name: string };

export const prepareNodes = definePhase({
  name: 'prepare-nodes',
  title: 'Prepare the nodes',
  scope: 'machine',
  needs: { machines: createMachines },
  reads: want,
  writes: [
    'machine:/etc/sysctl.d/90-rke2-lab.conf',
    'machine:/etc/systemd/resolved.conf.d/90-rke2-lab.conf',
    'machine:/etc/multipath/conf.d/90-rke2-lab.conf',
    'machine:/etc/fstab',
    'machine:run sysctl',
    'machine:run systemctl',
    'machine:run ln',
    'machine:run date',
    'machine:run mkfs.ext4',
    'machine:run mkdir',
    'machine:run mount',
    'machine:run env',
  ],
  async plan(lab, wanted) {
    const machine = lab.machine(wanted.name);
    // All at the same moment: the client makes one round trip of them.
    const steps = await Promise.all([
      address(machine, wanted),
      firewall(machine, wanted),
      timeSteps(lab, machine),
      sysctls(machine, wanted),
      resolver(machine, wanted),
      packages(machine, wanted),
      multipath(machine, wanted),
      dataDisk(machine, wanted),
    ]);
    return steps.flat();
  },
});

function want(config: Config, node: Node): Want {
  const { storage, cilium } = config.features;
  return {
    name: node.name,
    address: node.address,
    ...(config.machines.provider !== 'hosts' ? { interface: config.machines.network.interface } : {}),
    devices: cilium.devices,
    provider: storage.enabled ? storage.provider : 'external',
    dataDisk: node.dataDisk,
  };
}
