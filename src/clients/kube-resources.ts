import type { Scope } from '../lab.ts';
import type { KubeApi } from './kube-api.ts';
import { isRecord } from './kube-objects.ts';

/** Where the objects of a kind are. */
export interface Resource {
  /** `nodes` */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Asks the API which kinds it has; undefined where it has not this one (its CRD is not there yet). What was found is kept. */
export function kubeResources(api: KubeApi): (scope: Scope) => Promise<Resource | undefined> {
  const known = new Map<string, Resource>();
  return async ({ apiVersion, kind }) => {
    const key = `${apiVersion}/${kind}`;
    const resource = known.get(key) ?? resourceIn(await api.get(groupPath(apiVersion)), kind);
    if (resource) known.set(key, resource);
    return resource;
  };
}

/** The path of a collection, without the name of an object. */
export function collectionPath({ apiVersion, namespace }: Scope, { plural, namespaced }: Resource): string {
  const folder = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(apiVersion)}${folder}/${plural}`;
}

/** The path of one object. */
export function objectPath(scope: Scope & { readonly name: string }, resource: Resource): string {
  if (resource.namespaced && scope.namespace === undefined)
    throw new Error(`${scope.kind} ${scope.name}: a namespace is needed`);
  return `${collectionPath(scope, resource)}/${encodeURIComponent(scope.name)}`;
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function resourceIn(group: unknown, kind: string): Resource | undefined {
  if (!isRecord(group) || !Array.isArray(group.resources)) return undefined;
  for (const resource of group.resources) {
    if (!isRecord(resource) || resource.kind !== kind || typeof resource.name !== 'string') continue;
    // `nodes/status` has the same kind.
    if (!resource.name.includes('/')) return { plural: resource.name, namespaced: resource.namespaced === true };
  }
  return undefined;
}
