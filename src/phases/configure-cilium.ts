import type { Config, Node } from '../config/schema.ts';
import { definePhase, type Step } from '../engine/phase.ts';
import { ciliumManifests, type Manifest } from '../kube/cilium-manifests.ts';
import type { Lab } from '../lab.ts';
import { holdsCluster } from '../node/rke2-state.ts';
import { prepareNodes } from './prepare-nodes.ts';

interface Want {
  readonly name: string;
  /** None for an agent. */
  readonly manifests: readonly Manifest[];
  readonly otherServers: readonly string[];
}

export const configureCilium = definePhase({
  name: 'configure-cilium',
  title: 'Configure Cilium before RKE2 starts',
  scope: 'machine',
  needs: { node: prepareNodes },
  reads: want,
  writes: [
    'machine:/var/lib/rancher/rke2/server/manifests/rke2-cilium-config.yaml',
    'machine:/var/lib/rancher/rke2/server/manifests/cilium-spire-namespace.yaml',
  ],
  async plan(lab, { name, manifests, otherServers }) {
    const machine = lab.machine(name);
    const [started, present] = await Promise.all([
      holdsCluster(machine),
      Promise.all(manifests.map(({ path }) => machine.readFile(path))),
    ]);
    const different = manifests.filter(({ content }, index) => present[index]?.content !== content);
    const missing = different.filter((manifest) => !present[manifests.indexOf(manifest)]);
    const takenAway = new Set(started ? missing : await takenFromOthers(lab, otherServers, missing));
    return different.filter((manifest) => !takenAway.has(manifest)).map((manifest) => writing(lab, name, manifest));
  },
});

/**
 * A file that is gone from a server of the running cluster has been taken away for good, by migrate-spire: the
 * deploy controller of a server that has it would put the old values back at its next start.
 * https://docs.rke2.io/install/packaged_components
 */
async function takenFromOthers(
  lab: Lab,
  servers: readonly string[],
  missing: readonly Manifest[],
): Promise<readonly Manifest[]> {
  if (missing.length === 0) return [];
  const gone = await Promise.all(
    servers.map(async (server) => {
      const machine = lab.machine(server);
      const [started, present] = await Promise.all([
        holdsCluster(machine),
        Promise.all(missing.map(({ path }) => machine.readFile(path))),
      ]);
      return started ? missing.filter((_, index) => !present[index]) : [];
    }),
  );
  return gone.flat();
}

function writing(lab: Lab, name: string, { path, content }: Manifest): Step {
  return {
    title: `write ${path} on ${name}`,
    run: (signal) => lab.machine(name).writeFile(path, { content, mode: 0o600 }, signal),
  };
}

function want(config: Config, node: Node): Want {
  const servers = config.nodes.filter(({ role }) => role === 'server');
  const manifests = ciliumManifests({
    version: config.cilium,
    features: config.features,
    clusterCidr: config.rke2.clusterCidr,
    servers: servers.length,
  });
  return {
    name: node.name,
    manifests: node.role === 'server' ? manifests : [],
    otherServers: servers.map(({ name }) => name).filter((name) => name !== node.name),
  };
}
