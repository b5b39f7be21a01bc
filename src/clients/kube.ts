import type { Kube, KubeObject, Scope } from '../lab.ts';
import { kubeApi, type KubeApi, type KubeApiOptions } from './kube-api.ts';
import { isKubeObject, listedObjects, resourceVersion, selector } from './kube-objects.ts';
import { collectionPath, kubeResources, objectPath } from './kube-resources.ts';
import { kubeWatches, type Listed } from './kube-watch.ts';

/** An API with connections and watches to close: without that, the program does not end. */
export interface KubeClient extends Kube {
  close(): Promise<void>;
}

/** The cluster's API through a kubeconfig, which is read when first needed and again when it changed. */
export function kubeClient(options: KubeApiOptions): KubeClient {
  const api = kubeApi(options);
  const resources = kubeResources(api);
  const list = async (scope: Scope): Promise<Listed> => {
    const resource = await resources(scope);
    if (!resource) return { path: undefined, version: undefined, objects: [] };
    const path = collectionPath(scope, resource);
    const body = await api.get(path, scope.name === undefined ? {} : selector(scope.name));
    return { path, version: resourceVersion(body), objects: listedObjects(scope, body) };
  };
  const watches = kubeWatches({ api, clock: options.clock, list });
  return {
    async get(scope) {
      const object = await getObject(api, resources, scope);
      watches.sawRead(scope, object ? [object] : []);
      return object;
    },
    async list(scope) {
      const { objects } = await list(scope);
      watches.sawRead(scope, objects);
      return objects;
    },
    async remove(object) {
      const { apiVersion, kind, metadata } = object;
      const { name, namespace, uid } = metadata;
      if (uid === undefined) throw new Error(`${kind} ${name} was not read from the API: it has no uid`);
      const scope = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
      const resource = await resources(scope);
      if (resource) await api.remove(objectPath(scope, resource), uid);
    },
    watch: (scope, onChange) => watches.watch(scope, onChange),
    close: async () => {
      watches.close();
      await api.close();
    },
  };
}

async function getObject(
  api: KubeApi,
  resources: ReturnType<typeof kubeResources>,
  scope: Scope & { readonly name: string },
): Promise<KubeObject | undefined> {
  const resource = await resources(scope);
  if (!resource) return undefined;
  const object = await api.get(objectPath(scope, resource));
  if (object === undefined || isKubeObject(object)) return object;
  throw new Error(`the API sent something else than the ${scope.kind} ${scope.name}`);
}
