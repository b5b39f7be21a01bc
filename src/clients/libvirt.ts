import type { Config } from '../config/schema.ts';
import type { Provider, ProvidedMachine } from '../lab.ts';
import { adopt } from './libvirt-adopt.ts';
import { domainName } from './libvirt-names.ts';
import { listOwned, removeOwned } from './libvirt-owned.ts';
import { bringUp, refuseForeign } from './libvirt-up.ts';
import { localComputer } from './local.ts';
import type { LibvirtTools } from './libvirt-tools.ts';
import { vagrantFolder } from './vagrant-folder.ts';
import { vagrant } from './vagrant.ts';
import { virsh } from './virsh.ts';

/** Seconds beside `bootTimeout`, which is for SSH to answer: the host name and the lab network come after. */
const SET_UP_SECONDS = 120;

export interface LibvirtOptions {
  readonly config: Config;
  /** The lab's own folder, with `id_ed25519` and `known_hosts`. */
  readonly directory: string;
  /** The folder of the Vagrantfile. */
  readonly root: string;
  /** Gets what Vagrant says. */
  readonly onLine?: (line: string) => void;
}

/**
 * Machines in libvirt, made by Vagrant. It looks through virsh, which answers at once and without Vagrant's beliefs.
 * A domain is the lab's by the mark in its description, a network by its metadata, a disk by its name.
 */
export function libvirtProvider(options: LibvirtOptions, tools: LibvirtTools = realTools(options)): Provider {
  const { config } = options;
  return {
    kind: 'libvirt',
    list: () => listMachines(config, tools),
    owned: () => listOwned(config, tools),
    up: (names, signal) => bringUp({ config, tools, names, signal }),
    async stop(names, signal) {
      await refuseForeign(config, tools, names);
      await tools.vagrant.halt(names, signal);
    },
    remove: (owned, signal) => removeOwned({ config, tools, wanted: owned, signal }),
  };
}

/** A machine that was left half made counts as stopped: `up` makes it anew. */
async function listMachines(config: Config, tools: LibvirtTools): Promise<readonly ProvidedMachine[]> {
  const [all, running] = await Promise.all([tools.virsh.domains('all'), tools.virsh.domains('running')]);
  const machines = config.nodes.map(async (node): Promise<ProvidedMachine[]> => {
    const name = domainName(node.name);
    const domain = all.has(name) ? await tools.virsh.domain(name) : undefined;
    if (!domain) return [];
    const owner = domain.lab === config.lab.name ? 'lab' : 'foreign';
    const state = running.has(name) && (owner === 'foreign' || domain.ready) ? 'running' : 'stopped';
    const dataDisk = domain.disks.some((path) => path.endsWith('-vdb.qcow2'));
    const differs = [
      ...(domain.memory === node.memory ? [] : [`memory ${domain.memory} MB, wanted ${node.memory} MB`]),
      ...(domain.cpus === node.cpus ? [] : [`${domain.cpus} CPUs, wanted ${node.cpus}`]),
      ...(dataDisk === node.dataDisk > 0
        ? []
        : [dataDisk ? 'a data disk, wanted none' : `no data disk, wanted ${node.dataDisk} GB`]),
    ];
    return [{ name: node.name, state, owner, differs }];
  });
  return (await Promise.all(machines)).flat();
}

function realTools({ config, directory, root, onLine }: LibvirtOptions): LibvirtTools {
  const bootSeconds = config.machines.libvirt.bootTimeout + SET_UP_SECONDS;
  return {
    virsh: virsh(localComputer(), config.machines.libvirt.uri, directory),
    vagrant: vagrant({ root, configFile: config.file, bootSeconds, onLine }),
    folder: vagrantFolder(root),
    adopt: (node, signal) => adopt(node, directory, signal),
  };
}
