import type { KubeObject, Scope } from '../lab.ts';

/** Kinds that the rehearsal knows: true = lives in a namespace. One that is not here is a bug of who asks. */
const KINDS: Readonly<Record<string, boolean>> = {
  'v1/Namespace': false,
  'v1/Node': false,
  'v1/Pod': true,
  'v1/ConfigMap': true,
  'v1/Secret': true,
  'v1/Service': true,
  'v1/Event': true,
  'apps/v1/DaemonSet': true,
  'apps/v1/Deployment': true,
  'apps/v1/StatefulSet': true,
  'batch/v1/Job': true,
  'storage.k8s.io/v1/StorageClass': false,
  'helm.cattle.io/v1/HelmChart': true,
  'helm.cattle.io/v1/HelmChartConfig': true,
  'k3s.cattle.io/v1/Addon': true,
};

/** True for a kind that the API of a rehearsed cluster serves. */
export function isServed({ apiVersion, kind }: Pick<Scope, 'apiVersion' | 'kind'>): boolean {
  return `${apiVersion}/${kind}` in KINDS;
}

/** A bug where the kind is unknown, or the scope does not fit the kind. */
export function checkScope(scope: Scope): void {
  if (!isServed(scope)) throw new Error(`the rehearsal knows no kind ${scope.apiVersion} ${scope.kind}`);
  const namespaced = KINDS[`${scope.apiVersion}/${scope.kind}`] ?? false;
  if (!namespaced && scope.namespace !== undefined)
    throw new Error(`${scope.kind} has no namespace, asked in ${scope.namespace}`);
  if (namespaced && scope.name !== undefined && scope.namespace === undefined)
    throw new Error(`${scope.kind} ${scope.name} is asked for without its namespace`);
}

/** The objects of a cluster. */
export interface KubeStore {
  get(scope: Scope & { readonly name: string }): KubeObject | undefined;
  list(scope: Scope): readonly KubeObject[];
  /** Makes or replaces; uid, resourceVersion and generation are set as the API server does. Equal content changes nothing. */
  put(object: KubeObject): KubeObject;
  remove(scope: Scope & { readonly name: string }): void;
}

/** `onChange` gets every object that is made, changed or removed. */
export function kubeStore(onChange: (object: KubeObject) => void): KubeStore {
  const objects = new Map<string, KubeObject>();
  const state = { version: 0 };
  return {
    get: (scope) => objects.get(keyOf(scope)),
    list: (scope) => [...objects.values()].filter((object) => inScope(object, scope)).toSorted(byName),
    put: (object) => {
      const key = keyOf(scopeOf(object));
      const old = objects.get(key);
      if (old && sameContent(old, object)) return old;
      state.version += 1;
      const made = withServerFields(object, old, state.version);
      objects.set(key, made);
      onChange(made);
      return made;
    },
    remove: (scope) => {
      const key = keyOf(scope);
      const old = objects.get(key);
      if (!old) return;
      objects.delete(key);
      onChange(old);
    },
  };
}

/** True where the object is one of those that the scope names. */
export function inScope({ apiVersion, kind, metadata }: KubeObject, scope: Scope): boolean {
  return (
    scope.apiVersion === apiVersion &&
    scope.kind === kind &&
    (scope.namespace === undefined || scope.namespace === metadata.namespace) &&
    (scope.name === undefined || scope.name === metadata.name)
  );
}

export function scopeOf({ apiVersion, kind, metadata }: KubeObject): Scope & { readonly name: string } {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function withServerFields(object: KubeObject, old: KubeObject | undefined, version: number): KubeObject {
  const generation = old?.metadata.generation ?? 0;
  const changed = !old || JSON.stringify(old['spec']) !== JSON.stringify(object['spec']);
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: old?.metadata.uid ?? `uid-${version}`,
      resourceVersion: String(version),
      generation: changed ? generation + 1 : generation,
    },
  };
}

function sameContent(old: KubeObject, object: KubeObject): boolean {
  const { uid, resourceVersion, generation } = old.metadata;
  return (
    JSON.stringify(old) ===
    JSON.stringify({ ...object, metadata: { ...object.metadata, uid, resourceVersion, generation } })
  );
}

function keyOf({ apiVersion, kind, namespace, name }: Scope): string {
  return [apiVersion, kind, namespace ?? '', name].join(' ');
}

function byName(one: KubeObject, other: KubeObject): number {
  return keyOf(scopeOf(one)) < keyOf(scopeOf(other)) ? -1 : 1;
}
