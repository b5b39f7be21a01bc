import { LabError } from '../engine/errors.ts';
import type { Clock, KubeObject, Scope } from '../lab.ts';
import type { KubeApi } from './kube-api.ts';
import {
  isKubeObject,
  objectKey,
  resourceVersion,
  sameVersions,
  scopeKey,
  selector,
  versionsOf,
  type Versions,
} from './kube-objects.ts';

/** Seconds that a watch is kept when nobody wants it: the next plan wants it again. */
const LINGER_SECONDS = 30;
/** A stream that lived for so long may go on at once from where it ended. */
const HEALTHY_SECONDS = 5;
/** Seconds before the next try after a watch broke; a kind that does not exist yet is asked for at the slowest. */
const FIRST_PAUSE_SECONDS = 1;
const SLOWEST_PAUSE_SECONDS = 10;

/** A list as the watch needs it; `path` is undefined where the API does not have the kind. */
export interface Listed {
  readonly path: string | undefined;
  readonly version: string | undefined;
  readonly objects: readonly KubeObject[];
}

export interface KubeWatchesOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly list: (scope: Scope) => Promise<Listed>;
}

/** Watches, one for each scope however many want it. */
export interface KubeWatches {
  watch(scope: Scope, onChange: () => void): () => void;
  /** Tells what a read found: where a watch knows otherwise, something changed and no event has come yet. */
  sawRead(scope: Scope, objects: readonly KubeObject[]): void;
  close(): void;
}

interface Shared {
  readonly scope: Scope;
  readonly listeners: Set<{ readonly onChange: () => void }>;
  readonly stop: AbortController;
  /** Undefined until the first list. */
  versions: Map<string, string> | undefined;
  /** Ends the lingering. */
  wanted: AbortController;
}

export function kubeWatches(options: KubeWatchesOptions): KubeWatches {
  const running = new Map<string, Shared>();
  const lastRead = new Map<string, Versions>();
  const end = (shared: Shared) => {
    running.delete(scopeKey(shared.scope));
    shared.stop.abort();
  };
  const begin = (scope: Scope): Shared => {
    const key = scopeKey(scope);
    const stop = new AbortController();
    const shared: Shared = { scope, listeners: new Set(), stop, versions: undefined, wanted: new AbortController() };
    running.set(key, shared);
    void follow(options, shared, () => lastRead.get(key));
    return shared;
  };
  return {
    watch(scope, onChange) {
      const shared = running.get(scopeKey(scope)) ?? begin(scope);
      const listener = { onChange };
      shared.wanted.abort();
      shared.listeners.add(listener);
      return () => {
        if (shared.listeners.delete(listener) && shared.listeners.size === 0) void linger(options.clock, shared, end);
      };
    },
    sawRead(scope, objects) {
      const versions = versionsOf(objects);
      lastRead.set(scopeKey(scope), versions);
      const shared = running.get(scopeKey(scope));
      if (shared?.versions && !sameVersions(shared.versions, versions)) notify(shared);
    },
    close: () => {
      for (const shared of running.values()) end(shared);
    },
  };
}

async function linger(clock: Clock, shared: Shared, end: (shared: Shared) => void): Promise<void> {
  shared.wanted = new AbortController();
  const signal = AbortSignal.any([shared.wanted.signal, shared.stop.signal]);
  try {
    await clock.wait(LINGER_SECONDS, signal);
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  if (shared.listeners.size === 0) end(shared);
}

/**
 * List, stream, and again, until stopped. Trouble is not told from here: the watch cannot say more than that it does not
 * know, and the next read meets the same trouble and reports it.
 */
async function follow(
  options: KubeWatchesOptions,
  shared: Shared,
  lastRead: () => Versions | undefined,
): Promise<void> {
  const { signal } = shared.stop;
  let pause = FIRST_PAUSE_SECONDS;
  while (!signal.aborted) {
    const healthy = await followOnce(options, shared, lastRead).catch((error: unknown) => {
      if (error instanceof LabError || signal.aborted) return false;
      throw error;
    });
    pause = healthy ? FIRST_PAUSE_SECONDS : Math.min(pause * 2, SLOWEST_PAUSE_SECONDS);
    await options.clock.wait(pause, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** From a list to the end of what can be streamed after it; true where the stream was in good health. */
async function followOnce(
  options: KubeWatchesOptions,
  shared: Shared,
  lastRead: () => Versions | undefined,
): Promise<boolean> {
  const listed = await options.list(shared.scope);
  if (shared.stop.signal.aborted) return true;
  const before = shared.versions ?? lastRead();
  shared.versions = new Map(versionsOf(listed.objects));
  if (before && !sameVersions(before, shared.versions)) notify(shared);
  if (listed.path === undefined || listed.version === undefined) return false;
  const { path } = listed;
  let { version } = listed;
  for (;;) {
    const end = await streamFrom(options, shared, { path, version });
    if (end.next === undefined || shared.stop.signal.aborted) return end.healthy;
    version = end.next;
  }
}

interface StreamStart {
  readonly path: string;
  readonly version: string;
}

interface StreamEnd {
  /** False where it ended as soon as it began, with nothing said. */
  readonly healthy: boolean;
  /** From where to go on without a list; undefined where something may have been missed. */
  readonly next: string | undefined;
}

async function streamFrom({ api, clock }: KubeWatchesOptions, shared: Shared, start: StreamStart): Promise<StreamEnd> {
  const { name } = shared.scope;
  const began = clock.now();
  let { version } = start;
  let heard = false;
  let expired = false;
  const onEvent = (type: string, object: unknown) => {
    heard = true;
    if (type === 'ERROR') expired = true;
    else version = resourceVersion(object) ?? version;
    if (type !== 'ERROR' && type !== 'BOOKMARK') remember(shared, type, object);
  };
  const query = {
    resourceVersion: start.version,
    allowWatchBookmarks: 'true',
    ...(name !== undefined && selector(name)),
  };
  const quiet = await api.stream(start.path, query, { onEvent, signal: shared.stop.signal });
  const healthy = !expired && (heard || clock.now() - began >= HEALTHY_SECONDS);
  return { healthy, next: healthy && quiet ? version : undefined };
}

function remember(shared: Shared, type: string, object: unknown): void {
  if (!isKubeObject(object)) return;
  if (type === 'DELETED') shared.versions?.delete(objectKey(object));
  else shared.versions?.set(objectKey(object), object.metadata.resourceVersion ?? '');
  notify(shared);
}

function notify(shared: Shared): void {
  for (const { onChange } of shared.listeners) onChange();
}
