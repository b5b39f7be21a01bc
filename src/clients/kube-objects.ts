import type { KubeObject, Scope } from '../lab.ts';

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || typeof value.apiVersion !== 'string' || typeof value.kind !== 'string') return false;
  return isRecord(value.metadata) && typeof value.metadata.name === 'string';
}

/** The objects of a list; in it they come without apiVersion and kind, which are those of the scope. */
export function listedObjects({ apiVersion, kind }: Scope, list: unknown): readonly KubeObject[] {
  const items = isRecord(list) && Array.isArray(list.items) ? list.items : [];
  return items.map((item: unknown) => ({ apiVersion, kind, ...(isRecord(item) ? item : {}) })).filter(isKubeObject);
}

/** The `resourceVersion` of a list or an object. */
export function resourceVersion(value: unknown): string | undefined {
  if (!isRecord(value) || !isRecord(value.metadata)) return undefined;
  return typeof value.metadata.resourceVersion === 'string' ? value.metadata.resourceVersion : undefined;
}

/** The query for one object of a collection. */
export function selector(name: string): { readonly fieldSelector: string } {
  return { fieldSelector: `metadata.name=${name}` };
}

/** One text for a scope: what has the same is watched once. */
export function scopeKey({ apiVersion, kind, namespace = '', name = '' }: Scope): string {
  return [apiVersion, kind, namespace, name].join(' ');
}

/** Which objects in which versions: equal when nothing changed. */
export type Versions = ReadonlyMap<string, string>;

export function versionsOf(objects: readonly KubeObject[]): Versions {
  return new Map(objects.map((object) => [objectKey(object), object.metadata.resourceVersion ?? '']));
}

export function objectKey({ metadata }: KubeObject): string {
  return metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name}`;
}

export function sameVersions(one: Versions, other: Versions): boolean {
  return one.size === other.size && [...one].every(([key, version]) => other.get(key) === version);
}
