import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Lab, Provider } from '../lab.ts';
import { artefactCache } from './artefacts.ts';
import { systemClock } from './clock.ts';
import { kubeClient } from './kube.ts';
import { localComputer } from './local.ts';
import { sshMachine, type SshMachine } from './ssh.ts';

const SECRET_BYTES = 32;

export interface OpenLabOptions {
  readonly config: Config;
  readonly provider: Provider;
  /** The lab's own folder, absolute; made (0700) when something is first written to it. */
  readonly directory: string;
}

export interface RealLab {
  readonly lab: Lab;
  /** Ends all connections; without it the program does not end. */
  close(): Promise<void>;
}

/** The lab of config.yaml in the real world. Connects to nothing before something is read. */
export function openLab({ config, provider, directory }: OpenLabOptions): RealLab {
  const clock = systemClock;
  const machines = new Map<string, SshMachine>();
  const kube = kubeClient({ kubeconfigPath: join(directory, 'kubeconfig'), clock });
  const { mirror, architecture } = config.rke2;
  const lab: Lab = {
    name: config.lab.name,
    directory,
    userKubeconfig: userKubeconfig(process.env.KUBECONFIG),
    clock,
    host: localComputer(),
    provider,
    machine(name) {
      const machine = machines.get(name) ?? openMachine(config, name, directory);
      machines.set(name, machine);
      return machine;
    },
    kube,
    artefacts: artefactCache({ directory: cacheFolder(process.env.XDG_CACHE_HOME), mirror, architecture, clock }),
    newSecret: () => randomBytes(SECRET_BYTES).toString('hex'),
  };
  return {
    lab,
    close: async () => {
      for (const machine of machines.values()) machine.close();
      await kube.close();
    },
  };
}

function openMachine(config: Config, name: string, directory: string): SshMachine {
  const node = config.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new Error(`config.yaml has no machine called ${name}`);
  return sshMachine({ node, directory, trustFirst: config.machines.provider !== 'hosts' });
}

/** As kubectl: KUBECONFIG may be a list, the first is written to. */
function userKubeconfig(variable: string | undefined): string {
  const first = variable?.split(delimiter).find((path) => path !== '');
  return first ?? join(homedir(), '.kube', 'config');
}

/** A relative XDG_CACHE_HOME is to be ignored, says its specification. */
function cacheFolder(variable: string | undefined): string {
  const home = variable?.startsWith('/') ? variable : join(homedir(), '.cache');
  return join(home, 'rke2-lab', 'rke2');
}
