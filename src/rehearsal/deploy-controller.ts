import { createHash } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../lab.ts';
import { hasQuorum, type Cluster } from './cluster.ts';
import { isServed, scopeOf } from './kube-store.ts';
import type { MachineState } from './machine-state.ts';
import type { Rke2Process } from './rke2-process.ts';
import { log } from './units.ts';
import type { World } from './world.ts';

const FOLDER = '/var/lib/rancher/rke2/server/manifests';
const PASS_SECONDS = 15;

/** The deploy controller of one server process: https://github.com/k3s-io/k3s/blob/master/pkg/deploy/controller.go */
interface Controller {
  readonly world: World;
  readonly machine: MachineState;
  readonly process: Rke2Process;
  readonly cluster: Cluster;
  /** Base names from `disable:`. */
  readonly disabled: readonly string[];
}

/** Applies every file at start, whatever the Addon says; from then on, every 15 s, those that changed. */
export function watchManifests(controller: Controller): void {
  const seen = new Map<string, number>();
  const pass = (force: boolean): void => {
    const { world, process, cluster } = controller;
    if (!process.alive) return;
    // A pass with an error leaves force on: all files are applied again until every one is clean.
    const clean = hasQuorum(world, cluster) && applyFiles(controller, seen, force);
    world.clock.at(world.clock.now() + PASS_SECONDS, () => pass(force && !clean));
  };
  pass(true);
}

function applyFiles(controller: Controller, seen: Map<string, number>, force: boolean): boolean {
  const { machine, cluster } = controller;
  const results = manifestsOf(controller).map((path) => {
    const stamp = machine.files.stamp(path) ?? 0;
    const content = machine.files.read(path)?.content ?? '';
    if (!force && seen.get(path) === stamp) return true;
    const name = addonName(path);
    const checksum = createHash('sha256').update(content).digest('hex');
    const clean =
      (!force && cluster.addons.get(name)?.checksum === checksum) ||
      apply(controller, { name, path, content, checksum });
    if (clean) seen.set(path, stamp);
    return clean;
  });
  return results.every(Boolean);
}

/** Files that count: YAML and JSON, no dotfiles, none with a `.skip` beside it. A file that is gone is not missed. */
function manifestsOf({ machine, disabled }: Controller): readonly string[] {
  const paths = machine.files.under(FOLDER);
  const skipped = new Set(
    paths.filter((path) => path.endsWith('.skip')).map((path) => baseName(path).replace(/\.skip$/, '')),
  );
  return paths.filter((path) => {
    const name = baseName(path);
    return /^[^.].*\.(yaml|yml|json)$/.test(name) && !skipped.has(name) && !disabled.includes(addonName(path));
  });
}

interface ManifestFile {
  readonly name: string;
  readonly path: string;
  readonly content: string;
  readonly checksum: string;
}

/** False where the file cannot be applied: not YAML, or a kind whose definition is missing. */
function apply({ machine, cluster }: Controller, { name, path, content, checksum }: ManifestFile): boolean {
  const objects = objectsIn(content);
  if (!objects) {
    log(machine, 'rke2-server', `level=error msg="Failed to process config: failed to process ${path}"`);
    return false;
  }
  const kept = new Set(objects.map((object) => JSON.stringify(scopeOf(object))));
  for (const old of cluster.addons.get(name)?.objects ?? [])
    if (!kept.has(JSON.stringify(scopeOf(old)))) cluster.store.remove(scopeOf(old));
  for (const object of objects) cluster.store.put(patched(cluster.store.get(scopeOf(object)), object));
  cluster.addons.set(name, { checksum, objects });
  cluster.store.put({
    apiVersion: 'k3s.cattle.io/v1',
    kind: 'Addon',
    metadata: { name, namespace: 'kube-system' },
    spec: { source: path, checksum },
  });
  return true;
}

/** Fields of the file win, fields that only the API has stay. */
function patched(old: KubeObject | undefined, object: KubeObject): KubeObject {
  return old
    ? { ...old, ...object, metadata: { ...old.metadata, ...object.metadata }, spec: mergedSpec(old, object) }
    : object;
}

function mergedSpec(old: KubeObject, object: KubeObject): unknown {
  return object['spec'] === undefined ? old['spec'] : { ...old['spec'], ...object['spec'] };
}

function objectsIn(content: string): readonly KubeObject[] | undefined {
  const documents = parseAllDocuments(content);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const objects: readonly KubeObject[] = documents.map((document) => document.toJS()).filter(Boolean);
  return objects.every((object) => object.metadata?.name !== undefined && isServed(object)) ? objects : undefined;
}

/** Up to the first dot. */
function addonName(path: string): string {
  return baseName(path).replace(/\..*$/, '');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
