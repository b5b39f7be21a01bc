import type { World } from '../../src/rehearsal/world.ts';

/**
 * All that matters of a world, as text: without times, without what numbers the order of things, and with secrets and
 * host keys named by where they come first. Two runs that led to the same lab give the same text.
 */
export function stateOf(world: World): string {
  const state = {
    host: {
      files: world.host.files.dump(),
      networks: world.host.networks,
      routes: world.host.routes,
      cache: [...world.artefacts.cached.keys()].toSorted(),
    },
    machines: Object.fromEntries(
      [...world.machines].toSorted(byKey).map(([name, machine]) => [name, machineState(machine)]),
    ),
    clusters: [...world.clusters.values()].map(clusterState),
  };
  return named(JSON.stringify(state, undefined, 1), world);
}

function machineState(machine: World['machines'] extends Map<string, infer M> ? M : never) {
  const { owner, running, booted, ready, skew, disks, packages, users, files, rke2 } = machine;
  return {
    ...{ owner, running, booted, ready, skew, disks },
    sysctls: Object.fromEntries([...machine.sysctls].toSorted(byKey)),
    packages: [...packages].toSorted(),
    users: [...users].toSorted(),
    units: [...machine.units]
      .toSorted(byKey)
      .map(([name, { enabled, active, sub, config }]) => ({ name, enabled, active, sub, config })),
    rke2: rke2 && {
      kind: rke2.kind,
      alive: rke2.alive,
      serving: rke2.serving,
      cluster: rke2.cluster,
      version: rke2.version,
    },
    files: files.dump(),
  };
}

function clusterState(cluster: World['clusters'] extends Map<string, infer C> ? C : never) {
  const { id, secret, members, nodePasswords, addons, store } = cluster;
  const kinds = [
    'v1/Namespace',
    'v1/Node',
    'apps/v1/DaemonSet',
    'apps/v1/Deployment',
    'batch/v1/Job',
    'helm.cattle.io/v1/HelmChart',
  ];
  const objects = [...kinds, 'helm.cattle.io/v1/HelmChartConfig', 'k3s.cattle.io/v1/Addon'].flatMap((text) => {
    const apiVersion = text.slice(0, text.lastIndexOf('/'));
    return store.list({ apiVersion, kind: text.slice(apiVersion.length + 1) });
  });
  return {
    ...{ id, secret, members: [...members].toSorted(byKey), nodePasswords: [...nodePasswords].toSorted(byKey) },
    addons: [...addons.keys()].toSorted(),
    objects: objects.map(({ metadata: { name, namespace, labels, generation }, ...rest }) => ({
      ...{ name, namespace, labels, generation },
      ...rest,
      metadata: undefined,
    })),
  };
}

/** The same name for the same secret, whatever its value. */
function named(text: string, world: World): string {
  const keys = [...world.machines.values()].map(({ name, hostKey }) => [hostKey, `<host key of ${name}>`] as const);
  const withoutKeys = keys.reduce((result, [key, name]) => result.replaceAll(key, name), text);
  const secrets = new Map<string, string>();
  return withoutKeys.replaceAll(/\b([0-9a-f]{4})\1{15}\b/g, (secret) => {
    if (!secrets.has(secret)) secrets.set(secret, `<secret ${secrets.size + 1}>`);
    return secrets.get(secret) ?? '';
  });
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
