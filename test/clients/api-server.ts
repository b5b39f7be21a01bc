import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { basename, dirname } from 'node:path/posix';
import { onTestFinished } from 'vitest';
import { kubeClient, type KubeClient } from '../../src/clients/kube.ts';
import { instantClock } from './instant-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

/** A stand-in of the API server on loopback: Nodes and ConfigMaps, list, get, watch and delete. */
export interface ApiServer {
  readonly url: string;
  readonly kubeconfigPath: string;
  readonly client: KubeClient;
  /** `GET /api/v1/nodes`, watches as `WATCH /api/v1/nodes?… from 7`. */
  readonly requests: string[];
  readonly watches: Set<ServerResponse>;
  /** Makes or changes an object and tells the watches. */
  put(path: string, name: string, fields?: Record<string, unknown>): void;
  drop(path: string, name: string): void;
  /** Sends a line to all watches. */
  tell(event: unknown): void;
  /** Answers in the server's place; false = let the server answer. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Resolves when a watch has begun after this call. */
  watched(): Promise<void>;
  writeKubeconfig(server: string): void;
}

const resources = [
  { name: 'nodes/status', kind: 'Node', namespaced: false },
  { name: 'nodes', kind: 'Node', namespaced: false },
  { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
];

export async function apiServer(): Promise<ApiServer> {
  const objects = new Map<string, Stored>();
  const waiting: (() => void)[] = [];
  const kubeconfigPath = join(temporaryFolder(), 'kubeconfig');
  let version = 1;
  const state: ApiServer = {
    url: '',
    kubeconfigPath,
    client: kubeClient({ kubeconfigPath, clock: instantClock() }),
    requests: [],
    watches: new Set(),
    put(path, name, fields = {}) {
      version += 1;
      const key = `${path}/${name}`;
      const old = objects.get(key);
      const namespace = /\/namespaces\/([^/]+)/.exec(path)?.[1];
      const uid = old?.metadata.uid ?? `uid-${version}`;
      const metadata = { name, uid, resourceVersion: String(version), ...(namespace !== undefined && { namespace }) };
      objects.set(key, { ...fields, metadata });
      tellOf(key, { type: old ? 'MODIFIED' : 'ADDED', object: { ...kindOf(path), ...fields, metadata } });
    },
    drop(path, name) {
      version += 1;
      const key = `${path}/${name}`;
      const old = objects.get(key);
      objects.delete(key);
      tellOf(key, {
        type: 'DELETED',
        object: { ...kindOf(path), ...old, metadata: { ...old!.metadata, resourceVersion: String(version) } },
      });
    },
    tell(event) {
      for (const response of state.watches) response.write(`${JSON.stringify(event)}\n`);
    },
    interfere: () => false,
    watched: () => new Promise((resolve) => waiting.push(resolve)),
    writeKubeconfig(server) {
      writeFileSync(kubeconfigPath, kubeconfig(server));
    },
  };
  const tellOf = (key: string, event: unknown) => {
    for (const response of state.watches)
      if (isOf(new URL(response.req.url ?? '', 'http://api'), key)) response.write(`${JSON.stringify(event)}\n`);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    const watch = url.searchParams.has('watch');
    const from = url.searchParams.get('resourceVersion');
    const field = url.searchParams.get('fieldSelector');
    const told = `${url.pathname}${field === null ? '' : `?${field}`}`;
    state.requests.push(watch ? `WATCH ${told} from ${from}` : `${request.method} ${told}`);
    response.setHeader('content-type', 'application/json');
    if (state.interfere(request, response)) return;
    if (watch) {
      response.writeHead(200).flushHeaders();
      state.watches.add(response);
      response.on('close', () => state.watches.delete(response));
      for (const resolve of waiting.splice(0)) resolve();
      return;
    }
    const body = answer(url.pathname, field);
    if (request.method === 'DELETE') void remove(request, response);
    else if (body) response.end(JSON.stringify(body));
    else send(response, 404, 'not found');
  });
  const remove = async (request: IncomingMessage, response: ServerResponse) => {
    const { preconditions } = JSON.parse((await request.toArray()).join(''));
    const path = request.url ?? '';
    const uid = objects.get(path)?.metadata.uid;
    if (uid === undefined) send(response, 404, 'not found');
    else if (uid !== preconditions.uid) send(response, 409, 'the UID in the precondition does not match');
    else {
      state.drop(dirname(path), basename(path));
      response.end('{}');
    }
  };
  const answer = (path: string, field: string | null) => {
    if (path === '/api/v1') return { resources };
    const object = objects.get(path);
    if (object) return { ...kindOf(path), ...object };
    if (!/\/(nodes|configmaps)$/.test(path)) return undefined;
    const scope = new URL(field === null ? path : `${path}?fieldSelector=${field}`, 'http://api');
    const items = [...objects].filter(([key]) => isOf(scope, key)).map(([, item]) => item);
    return { metadata: { resourceVersion: String(version) }, items };
  };
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(async () => {
    await state.client.close();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.writeKubeconfig(url);
  return Object.assign(state, { url });
}

export function send(response: ServerResponse, status: number, message: string): true {
  response
    .writeHead(status)
    .end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status }));
  return true;
}

/** True where a collection, of a namespace or of all, has the object with this path. */
function isOf({ pathname, searchParams }: URL, key: string): boolean {
  const field = searchParams.get('fieldSelector');
  if (field !== null && field !== `metadata.name=${basename(key)}`) return false;
  return pathname === dirname(key) || pathname === dirname(key).replace(/\/namespaces\/[^/]+/, '');
}

function kindOf(path: string) {
  return { apiVersion: 'v1', kind: path.includes('/nodes') ? 'Node' : 'ConfigMap' };
}

function kubeconfig(server: string): string {
  return `apiVersion: v1
kind: Config
current-context: lab
clusters: [{name: lab, cluster: {server: '${server}', insecure-skip-tls-verify: true}}]
contexts: [{name: lab, context: {cluster: lab, user: admin}}, {name: empty, context: {cluster: none, user: admin}}]
users: [{name: admin, user: {token: opensesame}}]
`;
}
