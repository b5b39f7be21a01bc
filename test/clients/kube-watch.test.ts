import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiServer } from './api-server.ts';
import { failure } from './ssh-lab.ts';

const nodes = { apiVersion: 'v1', kind: 'Node' } as const;
const path = '/api/v1/nodes';

/** Counts changes, and lets a test wait for the next one. */
function changes() {
  const waiting: (() => void)[] = [];
  const counter = {
    count: 0,
    onChange: () => {
      counter.count += 1;
      for (const resolve of waiting.splice(0)) resolve();
    },
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
  return counter;
}

test('a watch tells of each change, and of none where nothing changes', async () => {
  const api = await apiServer();
  api.put(path, 'dev-s1');
  const seen = changes();
  const established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await api.client.list(nodes);
  await established;
  expect(seen.count).toBe(0);
  for (const change of [
    () => api.put(path, 'dev-s2'),
    () => api.put(path, 'dev-s1', { x: 1 }),
    () => api.drop(path, 'dev-s2'),
  ]) {
    const told = seen.next();
    change();
    await told;
  }
  expect(seen.count).toBe(3);
});

test('a watch of one object asks for just that', async () => {
  const api = await apiServer();
  const established = api.watched();
  api.client.watch({ ...nodes, name: 'dev-s1' }, () => {});
  await established;
  expect(api.requests.slice(1)).toEqual([
    'GET /api/v1/nodes?metadata.name=dev-s1',
    'WATCH /api/v1/nodes?metadata.name=dev-s1 from 1',
  ]);
});

test('a change between a read and the start of the watch is told', async () => {
  const api = await apiServer();
  await api.client.list(nodes);
  api.put(path, 'dev-s1');
  const seen = changes();
  const told = seen.next();
  api.client.watch(nodes, seen.onChange);
  await told;
});

test('a read that finds something else than the watch knows tells those who watch', async () => {
  const api = await apiServer();
  const seen = changes();
  const established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await established;
  api.watches.clear();
  api.put(path, 'dev-s1');
  expect(seen.count).toBe(0);
  await api.client.list(nodes);
  expect(seen.count).toBe(1);
});

test('those who watch the same share one watch, and hear nothing after they left', async () => {
  const api = await apiServer();
  const [one, other] = [changes(), changes()];
  const established = api.watched();
  const leave = api.client.watch(nodes, one.onChange);
  api.client.watch(nodes, other.onChange);
  await established;
  leave();
  const told = other.next();
  api.put(path, 'dev-s1');
  await told;
  expect(one.count).toBe(0);
  expect(api.requests.filter((request) => request.startsWith('WATCH'))).toHaveLength(1);
});

test('a watch that nobody wants any longer ends', async () => {
  const api = await apiServer();
  const established = api.watched();
  const leave = api.client.watch(nodes, () => {});
  await established;
  const [response] = api.watches;
  const closed = new Promise((resolve) => response!.once('close', resolve));
  leave();
  await closed;
});

test('a watch that was cut goes on, and what changed meanwhile is told', async () => {
  const api = await apiServer();
  const seen = changes();
  let established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await established;
  const [first] = api.watches;
  api.watches.clear();
  api.put(path, 'dev-s1');
  expect(seen.count).toBe(0);
  const told = seen.next();
  established = api.watched();
  first!.destroy();
  await told;
  await established;
  const again = seen.next();
  api.put(path, 'dev-s2');
  await again;
});

test('a watch whose version is too old (410) lists anew', async () => {
  const api = await apiServer();
  const seen = changes();
  let established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await established;
  api.requests.length = 0;
  established = api.watched();
  const [first] = api.watches;
  first!.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })}\n`);
  await established;
  expect(api.requests).toEqual(['GET /api/v1/nodes', 'WATCH /api/v1/nodes from 1']);
  expect(seen.count).toBe(0);
});

test('a watch that ends in good health goes on from its last version without a list', async () => {
  const api = await apiServer();
  const seen = changes();
  let established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await established;
  const told = seen.next();
  api.put(path, 'dev-s1');
  await told;
  api.requests.length = 0;
  established = api.watched();
  const [first] = api.watches;
  first!.end();
  await established;
  expect(api.requests).toEqual(['WATCH /api/v1/nodes from 2']);
  expect(seen.count).toBe(1);
});

test('a watch outlives a kubeconfig that is gone for a while', async () => {
  const api = await apiServer();
  const seen = changes();
  let established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await established;
  const [first] = api.watches;
  rmSync(api.kubeconfigPath);
  first!.destroy();
  expect(await failure(api.client.list(nodes))).toMatchObject({ message: expect.stringContaining('no kubeconfig') });
  established = api.watched();
  api.writeKubeconfig(api.url);
  await established;
});

test('a watch outlives an API that is away, and one of a kind that does not exist yet tells when it comes', async () => {
  const api = await apiServer();
  const seen = changes();
  let refusals = 6;
  api.interfere = (request) => refusals-- > 0 && request.destroy() !== undefined;
  const established = api.watched();
  api.client.watch(nodes, seen.onChange);
  await established;
  const chart = { apiVersion: 'helm.cattle.io/v1', kind: 'HelmChart', namespace: 'kube-system', name: 'x' };
  expect(await api.client.get(chart)).toBeUndefined();
  let asked = 0;
  api.interfere = ({ url }, response) => {
    if (url?.startsWith('/apis/helm.cattle.io/v1') !== true) return false;
    asked += 1;
    if (asked < 3) response.writeHead(404).end('{}');
    else if (url === '/apis/helm.cattle.io/v1')
      response.end(JSON.stringify({ resources: [{ name: 'helmcharts', kind: 'HelmChart', namespaced: true }] }));
    else if (!url.includes('watch='))
      response.end(
        JSON.stringify({
          metadata: { resourceVersion: '9' },
          items: [{ metadata: { name: 'x', resourceVersion: '8' } }],
        }),
      );
    return true;
  };
  const told = seen.next();
  api.client.watch(chart, seen.onChange);
  await told;
});
