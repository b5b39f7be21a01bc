import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import type { Kube, KubeObject, Scope } from '../../src/lab.ts';

/** One object, by its name. */
export type Named = Scope & { readonly name: string };

/** A cluster's API that answers and has no object of these tests, with what a test needs beside it. */
export interface KubeWorld {
  readonly kube: Kube;
  /** Makes or changes an object behind the program's back. */
  put(object: Named, fields?: Readonly<Record<string, unknown>>): void;
  /** Deletes it behind the program's back. */
  drop(object: Named): void;
  /** Watches, and resolves once what changes from then on is told. */
  watch(scope: Scope, onChange: () => void): Promise<() => void>;
  /** The API goes away. */
  stop(): void;
  /** Takes the kubeconfig away. */
  forget(): void;
  /** Makes the kubeconfig one that names no cluster. */
  damage(): void;
}

type Open = () => Promise<KubeWorld>;

const nodes = { apiVersion: 'v1', kind: 'Node' } as const;
const node = { ...nodes, name: 'contract-1' } as const;
const maps = { apiVersion: 'v1', kind: 'ConfigMap' } as const;
const map = { ...maps, namespace: 'one', name: 'a' } as const;

/**
 * What every `Kube` holds to. Left out is what only one of them can show: a kind that the API does not have is absent in
 * a real cluster and a bug in the rehearsal; the rehearsal's API knows one user, who may do everything, so a refusal is
 * tested in test/clients/kube.test.ts.
 */
export function kubeContract(name: string, open: Open): void {
  describe(`the contract of the Kubernetes API: ${name}`, () => {
    reading(open);
    removing(open);
    watching(open);
    failing(open);
  });
}

function reading(open: Open): void {
  test('an absent object is undefined, one that is there comes with its kind, uid, version and fields', async () => {
    const { kube, put } = await open();
    expect(await kube.get(node)).toBeUndefined();
    expect(await kube.get(map)).toBeUndefined();
    put(node, { spec: { taints: [{ key: 'a' }] } });
    put(map, { data: { key: 'value' } });
    expect(await kube.get(node)).toMatchObject({
      ...nodes,
      metadata: { name: 'contract-1', uid: expect.any(String), resourceVersion: expect.any(String) },
      spec: { taints: [{ key: 'a' }] },
    });
    expect(await kube.get(map)).toMatchObject({
      ...maps,
      metadata: { name: 'a', namespace: 'one' },
      data: { key: 'value' },
    });
    expect(await kube.get({ ...map, namespace: 'two' })).toBeUndefined();
  });

  test('a change keeps the uid and gives another version, an object made anew has another uid', async () => {
    const { kube, put, drop } = await open();
    const metadataNow = async () => (await kube.get(map))!.metadata;
    put(map, { data: { key: 'old' } });
    const first = await metadataNow();
    put(map, { data: { key: 'new' } });
    const changed = await metadataNow();
    expect(changed.uid).toBe(first.uid);
    expect(changed.resourceVersion).not.toBe(first.resourceVersion);
    drop(map);
    put(map, { data: { key: 'new' } });
    expect((await metadataNow()).uid).not.toBe(first.uid);
  });

  test('a list is of a namespace, of all of them, or of one name, each object with its kind', async () => {
    const { kube, put } = await open();
    for (const namespace of ['one', 'two']) for (const name of ['a', 'b']) put({ ...maps, namespace, name });
    const namesIn = async (scope: Scope) => {
      const objects = await kube.list(scope);
      expect(objects.every(({ kind, apiVersion }) => kind === 'ConfigMap' && apiVersion === 'v1')).toBe(true);
      return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).toSorted();
    };
    expect(await namesIn({ ...maps, namespace: 'one' })).toEqual(['one/a', 'one/b']);
    expect(await namesIn(maps)).toEqual(['one/a', 'one/b', 'two/a', 'two/b']);
    expect(await namesIn({ ...maps, namespace: 'two', name: 'b' })).toEqual(['two/b']);
    expect(await namesIn({ ...maps, namespace: 'three' })).toEqual([]);
  });

  test('an object of a namespace is not asked for without one', async () => {
    const { kube } = await open();
    const asking = kube.get({ ...maps, name: 'a' });
    await expect(asking).rejects.toThrow('namespace');
    await expect(asking).rejects.not.toBeInstanceOf(LabError);
  });
}

function removing(open: Open): void {
  test('just the object that was read is removed, and removing it twice is no error', async () => {
    const { kube, put } = await open();
    put(map);
    put({ ...map, name: 'b' });
    put({ ...map, namespace: 'two' });
    const read = (await kube.get(map))!;
    for (let times = 0; times < 2; times += 1) {
      await kube.remove(read);
      expect(await kube.get(map)).toBeUndefined();
    }
    expect(await kube.list(maps)).toHaveLength(2);
  });

  test('another object of the same name stays', async () => {
    const { kube, put, drop } = await open();
    put(node);
    const old = (await kube.get(node))!;
    drop(node);
    put(node);
    await kube.remove(old);
    expect((await kube.get(node))?.metadata.uid).not.toBe(old.metadata.uid);
    expect(await kube.get(node)).toBeDefined();
  });

  test('an object that was not read from the API is not removed', async () => {
    const { kube, put } = await open();
    put(map);
    const made: KubeObject = { ...maps, metadata: { name: 'a', namespace: 'one' } };
    await expect(kube.remove(made)).rejects.toThrow('no uid');
    expect(await kube.get(map)).toBeDefined();
  });
}

/** Counts changes, and lets a test wait for the next one. */
function changes() {
  const waiting: (() => void)[] = [];
  const seen = {
    count: 0,
    onChange: () => {
      seen.count += 1;
      for (const resolve of waiting.splice(0)) resolve();
    },
    /** Does something and waits until it is told. */
    after: async (act: () => unknown) => {
      const told = new Promise<void>((resolve) => waiting.push(resolve));
      await act();
      await told;
    },
  };
  return seen;
}

function watching(open: Open): void {
  test('what is added, changed, deleted and removed is told', async () => {
    const { kube, put, drop, watch } = await open();
    const seen = changes();
    await watch({ ...maps, namespace: 'one' }, seen.onChange);
    expect(seen.count).toBe(0);
    await seen.after(() => put(map));
    await seen.after(() => put(map, { data: { key: 'new' } }));
    await seen.after(() => drop(map));
    await seen.after(() => put(map));
    const read = (await kube.get(map))!;
    await seen.after(() => kube.remove(read));
    expect(seen.count).toBeGreaterThanOrEqual(5);
  });

  test('what changes outside of the scope is not told', async () => {
    const { put, watch } = await open();
    const [inOne, ofA, all] = [changes(), changes(), changes()];
    await watch({ ...maps, namespace: 'one' }, inOne.onChange);
    await watch(map, ofA.onChange);
    await watch(maps, all.onChange);
    await all.after(() => put({ ...map, namespace: 'two' }));
    expect([inOne.count, ofA.count]).toEqual([0, 0]);
    await inOne.after(() => put({ ...map, name: 'b' }));
    expect(ofA.count).toBe(0);
    await ofA.after(() => put(map));
  });

  test('who has left hears nothing more, and leaving twice is no error', async () => {
    const { put, watch } = await open();
    const [left, stays] = [changes(), changes()];
    const leave = await watch(maps, left.onChange);
    await watch(nodes, stays.onChange);
    const other = changes();
    await watch({ ...maps, namespace: 'one' }, other.onChange);
    leave();
    leave();
    await other.after(() => put(map));
    await stays.after(() => put(node));
    expect(left.count).toBe(0);
  });

  test('who is made to leave while a change is told hears nothing of it', async () => {
    const { kube, put, watch } = await open();
    const [left, last] = [changes(), changes()];
    const state: { leave?: () => void } = {};
    await watch(maps, () => state.leave?.());
    state.leave = kube.watch(maps, left.onChange);
    kube.watch(maps, last.onChange);
    await last.after(() => put(map));
    expect(left.count).toBe(0);
  });
}

function failing(open: Open): void {
  /** Why each call failed. */
  const failures = async (kube: Kube, object: KubeObject) => {
    const asked = await Promise.allSettled([kube.get(node), kube.list(nodes), kube.remove(object)]);
    return asked.map((call) => (call.status === 'rejected' ? call.reason : undefined));
  };
  const troubles = [
    ['an API that is away is a trouble that may pass, never an empty cluster', 'stop', true],
    ['without a kubeconfig there is an error that does not pass by itself', 'forget', false],
    ['a kubeconfig that names no cluster is an error that does not pass by itself', 'damage', false],
  ] as const;

  test.each(troubles)('%s', async (_, trouble, transient) => {
    const world = await open();
    world.put(node);
    const read = (await world.kube.get(node))!;
    world[trouble]();
    for (const error of await failures(world.kube, read)) {
      expect(error).toBeInstanceOf(LabError);
      expect(error).toMatchObject({ transient });
    }
  });
}
