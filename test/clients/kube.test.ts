import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kubeClient } from '../../src/clients/kube.ts';
import { LabError } from '../../src/engine/errors.ts';
import { apiServer, send } from './api-server.ts';
import { instantClock } from './instant-clock.ts';
import { failure } from './ssh-lab.ts';

const nodes = { apiVersion: 'v1', kind: 'Node' } as const;
const node = { ...nodes, name: 'dev-s1' } as const;

test('an object comes as the API has it, times as text and unknown fields kept; an absent one is undefined', async () => {
  const api = await apiServer();
  api.put('/api/v1/nodes', 'dev-s1', { status: { heard: '2026-01-01T00:00:00Z', brandNew: 1 } });
  expect(await api.client.get(node)).toMatchObject({
    kind: 'Node',
    status: { heard: '2026-01-01T00:00:00Z', brandNew: 1 },
  });
  expect(await api.client.get({ ...nodes, name: 'dev-s2' })).toBeUndefined();
  expect(api.requests).toEqual(['GET /api/v1', 'GET /api/v1/nodes/dev-s1', 'GET /api/v1/nodes/dev-s2']);
});

test('the credentials of the kubeconfig go with each request', async () => {
  const api = await apiServer();
  const seen: unknown[] = [];
  api.interfere = ({ headers }) => {
    seen.push(headers.authorization);
    return false;
  };
  await api.client.list(nodes);
  expect(seen).toEqual(['Bearer opensesame', 'Bearer opensesame']);
});

test('a list is of a kind, of a namespace, or of one name, each object with its kind', async () => {
  const api = await apiServer();
  api.put('/api/v1/namespaces/one/configmaps', 'a');
  api.put('/api/v1/namespaces/one/configmaps', 'b');
  const scope = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'one' };
  expect((await api.client.list(scope)).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ['ConfigMap', 'a'],
    ['ConfigMap', 'b'],
  ]);
  expect(await api.client.list({ ...scope, name: 'b' })).toHaveLength(1);
  expect(await api.client.list({ ...scope, namespace: 'two' })).toEqual([]);
  await expect(api.client.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'a' })).rejects.toThrow(
    'a namespace is needed',
  );
});

test('of a kind that the API does not have yet there is no object, and once it has it there is', async () => {
  const api = await apiServer();
  const chart = { apiVersion: 'helm.cattle.io/v1', kind: 'HelmChart', namespace: 'kube-system', name: 'x' };
  expect(await api.client.get(chart)).toBeUndefined();
  expect(await api.client.list(chart)).toEqual([]);
  api.interfere = ({ url }, response) => {
    if (url === '/apis/helm.cattle.io/v1')
      response.end(JSON.stringify({ resources: [{ name: 'helmcharts', kind: 'HelmChart', namespaced: true }] }));
    else response.end(JSON.stringify({ ...chart, metadata: { name: 'x', namespace: 'kube-system' } }));
    return true;
  };
  expect(await api.client.get(chart)).toMatchObject({ kind: 'HelmChart' });
});

test('refused is an error that says why, is not asked again, and is not absent', async () => {
  const api = await apiServer();
  for (const status of [401, 403]) {
    api.interfere = (_request, response) => send(response, status, 'nodes is forbidden');
    api.requests.length = 0;
    const error = await failure(api.client.get(node));
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      transient: false,
      message: expect.stringMatching(new RegExp(`refused \\(${status}\\): nodes is forbidden`)),
    });
    expect(api.requests).toHaveLength(1);
  }
});

test('a read is repeated where nobody answers or the API is ill, and is an error that may pass in the end', async () => {
  const api = await apiServer();
  api.put('/api/v1/nodes', 'dev-s1');
  let ill = 2;
  api.interfere = (request, response) => {
    ill -= 1;
    if (ill === 1) request.destroy();
    else if (ill === 0) send(response, 503, 'starting');
    return ill >= 0;
  };
  expect(await api.client.get(node)).toBeDefined();
  api.interfere = (_request, response) => send(response, 500, 'etcdserver: no leader');
  api.requests.length = 0;
  const error = await failure(api.client.list(nodes));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ transient: true, message: expect.stringContaining('unreachable: HTTP 500') });
  expect(api.requests).toHaveLength(4);
  api.writeKubeconfig('http://127.0.0.1:1');
  expect(await failure(api.client.list(nodes))).toMatchObject({
    transient: true,
    message: expect.stringMatching(/127\.0\.0\.1:1 is unreachable: .*(ECONNREFUSED|bad port)/),
  });
});

test('what is no Kubernetes API is an error, not an empty cluster', async () => {
  const api = await apiServer();
  api.interfere = (_request, response) => response.end('<html>') !== undefined;
  expect(await failure(api.client.list(nodes))).toMatchObject({
    name: 'LabError',
    message: expect.stringContaining('no JSON'),
  });
});

test('without a kubeconfig there is an error until there is one, and a new one is read', async () => {
  const api = await apiServer();
  rmSync(api.kubeconfigPath);
  expect(await failure(api.client.list(nodes))).toMatchObject({
    name: 'LabError',
    message: expect.stringContaining('no kubeconfig'),
  });
  api.writeKubeconfig('http://127.0.0.1:1');
  await failure(api.client.list(nodes));
  api.writeKubeconfig(api.url);
  expect(await api.client.list(nodes)).toEqual([]);
});

test('a kubeconfig that is broken, or has no such context, is an error that names it', async () => {
  const { kubeconfigPath } = await apiServer();
  const clock = instantClock();
  const empty = await failure(kubeClient({ kubeconfigPath, context: 'empty', clock }).list(nodes));
  expect(empty).toMatchObject({
    name: 'LabError',
    message: expect.stringContaining("no cluster for the context 'empty'"),
  });
  const noAddress =
    '{clusters: [{name: a, cluster: {server: nowhere}}], contexts: [{name: a, context: {cluster: a}}], current-context: a}';
  for (const text of ['{', '', 'just text', noAddress]) {
    writeFileSync(kubeconfigPath, text);
    expect(await failure(kubeClient({ kubeconfigPath, clock }).list(nodes))).toMatchObject({
      name: 'LabError',
      message: expect.stringContaining('is not a usable kubeconfig'),
    });
  }
});

test('an object is deleted by its uid: another one of that name stays, one that is gone is no error', async () => {
  const api = await apiServer();
  api.put('/api/v1/nodes', 'dev-s1');
  const old = (await api.client.get(node))!;
  await api.client.remove({ ...old, metadata: { ...old.metadata, uid: 'older' } });
  expect(await api.client.get(node)).toBeDefined();
  await api.client.remove(old);
  expect(await api.client.get(node)).toBeUndefined();
  await api.client.remove(old);
  api.interfere = (_request, response) => send(response, 403, 'no');
  expect(await failure(api.client.remove(old))).toBeInstanceOf(LabError);
  await expect(api.client.remove({ ...node, metadata: { name: 'dev-s1' } })).rejects.toThrow('no uid');
});
