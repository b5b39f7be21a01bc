import type { Config } from '../config/schema.ts';
import type { Owned, ProvidedMachine, Provider } from '../lab.ts';
import { systemClock } from './clock.ts';
import { localComputer } from './local.ts';
import { findMachine, machineFolder, machineNames } from './nspawn-folder.ts';
import { bridgesThere, removeBridge } from './nspawn-networks.ts';
import { removeFolder, shutDown, switchOff } from './nspawn-power.ts';
import { sharedRoot } from './nspawn-root.ts';
import { bringUp, type NspawnLab } from './nspawn-up.ts';

export interface NspawnOptions {
  readonly config: Config;
  /** The lab's own folder, with `id_ed25519` and `known_hosts`; the machines are in it. */
  readonly directory: string;
  /** Gets what is said while the root file system is made. */
  readonly onLine?: (line: string) => void;
}

/**
 * Machines as containers of systemd-nspawn: a systemd, an SSH server and a network of their own on this computer's kernel.
 * A machine is the lab's because its folder is in the lab's; a bridge by its name, which has a digest of that folder.
 * Bridges are made in the network namespace that this program runs in.
 */
export function nspawnProvider(options: NspawnOptions, lab: NspawnLab = realLab(options)): Provider {
  const { directory, clock } = lab;
  return {
    kind: 'nspawn',
    list: () => listMachines(lab),
    owned: () => listOwned(lab),
    up: (names, signal) => bringUp(lab, names, signal),
    async stop(names, signal) {
      await Promise.all(names.map((name) => shutDown(machineFolder(directory, name), clock, signal)));
    },
    remove: (owned, signal) => remove(lab, owned, signal),
  };
}

/** A machine that was left half made, or that nobody could log in to yet, counts as stopped: `up` goes on with it. */
async function listMachines({ config, directory }: NspawnLab): Promise<readonly ProvidedMachine[]> {
  const names = await machineNames(directory);
  const machines = config.nodes
    .filter(({ name }) => names.includes(name))
    .map(async ({ name, dataDisk }): Promise<ProvidedMachine> => {
      const { record, ready } = await findMachine(machineFolder(directory, name));
      const given = record?.dataDisk ?? dataDisk;
      const differs = given === dataDisk ? [] : [`a data disk of ${given} GB, wanted ${dataDisk} GB`];
      return { name, state: ready ? 'running' : 'stopped', owner: 'lab', differs };
    });
  return Promise.all(machines);
}

async function listOwned(lab: NspawnLab): Promise<readonly Owned[]> {
  const [machines, bridges] = await Promise.all([machineNames(lab.directory), bridgesThere(lab)]);
  return [
    ...machines.map((name) => ({ kind: 'machine' as const, name })),
    ...bridges.map((name) => ({ kind: 'network' as const, name })),
  ];
}

async function remove(lab: NspawnLab, wanted: readonly Owned[], signal?: AbortSignal): Promise<void> {
  const own = await listOwned(lab);
  const known = wanted.filter((one) => own.some(({ kind, name }) => kind === one.kind && name === one.name));
  const removals = known
    .filter(({ kind }) => kind === 'machine')
    .map(async ({ name }) => {
      const folder = machineFolder(lab.directory, name);
      await switchOff(folder, lab.clock);
      await removeFolder(folder);
    });
  await Promise.all(removals);
  for (const { kind, name } of known) if (kind === 'network') await removeBridge(lab, name, signal);
}

function realLab({ config, directory, onLine }: NspawnOptions): NspawnLab {
  const settings = config.machines.nspawn;
  return {
    config,
    directory,
    host: localComputer(),
    clock: systemClock,
    root: (signal = new AbortController().signal) => sharedRoot({ settings, onLine }, signal),
  };
}
