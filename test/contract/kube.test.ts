import { rmSync, writeFileSync } from 'node:fs';
import { labKubeconfig } from '../../src/kube/kubeconfig.ts';
import { stopRke2 } from '../../src/rehearsal/rke2.ts';
import { apiServer } from '../clients/api-server.ts';
import { firstServer, onlyCluster, openFour } from '../rehearsal/installed.ts';
import { kubeContract, type KubeWorld, type Named } from './kube-contract.ts';

const NO_CLUSTER = 'apiVersion: v1\nkind: Config\nclusters: []\n';

kubeContract('over HTTP', overHttp);
kubeContract('rehearsed', rehearsed);

/** The real client, and a stand-in of the API server on loopback. */
async function overHttp(): Promise<KubeWorld> {
  const api = await apiServer();
  const { client, kubeconfigPath } = api;
  return {
    kube: client,
    put: (object, fields) => api.put(collection(object), object.name, fields),
    drop: (object) => api.drop(collection(object), object.name),
    watch: async (scope, onChange) => {
      const established = api.watched();
      const leave = client.watch(scope, onChange);
      await established;
      return leave;
    },
    stop: () => {
      api.interfere = (request) => request.destroy() !== undefined;
    },
    forget: () => rmSync(kubeconfigPath),
    damage: () => writeFileSync(kubeconfigPath, NO_CLUSTER),
  };
}

function collection({ kind, namespace }: Named): string {
  return kind === 'Node' ? '/api/v1/nodes' : `/api/v1/namespaces/${namespace}/configmaps`;
}

async function rehearsed(): Promise<KubeWorld> {
  const rehearsal = openFour();
  const server = await firstServer(rehearsal);
  const { lab, world } = rehearsal;
  const path = `${lab.directory}/kubeconfig`;
  const own = server.files.read('/etc/rancher/rke2/rke2.yaml')?.content ?? '';
  world.host.files.write(path, { content: labKubeconfig(own, 'dev', server.node.address), mode: 0o600 });
  const { store } = onlyCluster(rehearsal);
  return {
    kube: lab.kube,
    put: ({ apiVersion, kind, name, namespace }, fields) =>
      void store.put({
        ...fields,
        apiVersion,
        kind,
        metadata: { name, ...(namespace !== undefined && { namespace }) },
      }),
    drop: (object) => store.remove(object),
    watch: async (scope, onChange) => lab.kube.watch(scope, onChange),
    stop: () => stopRke2(world, server),
    forget: () => world.host.files.remove(path),
    damage: () => world.host.files.write(path, { content: NO_CLUSTER, mode: 0o600 }),
  };
}
