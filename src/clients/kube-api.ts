import type { Clock } from '../lab.ts';
import { badKubeconfig, reasonOf } from './kube-errors.ts';
import { askKube, type KubeRequest } from './kube-request.ts';
import { kubeconfigText, openSession, type KubeAccess, type KubeSession } from './kube-session.ts';

/** The status of what is not there. */
const GONE = 404;

export interface KubeApiOptions extends KubeAccess {
  readonly clock: Clock;
}

/** What the API sent. */
export type WatchEvent = (type: string, object: unknown) => void;

/** Reads of the API as plain JSON: nothing is turned into classes, no field is lost. */
export interface KubeApi {
  /** The body; undefined where the API says that there is no such thing (404). Repeated where nobody answers. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Deletes an object if it still is the one with this uid. Gone, or another one by now, is no error; so it may be repeated. */
  remove(path: string, uid: string): Promise<void>;
  /** Events until the stream ends; true = it ended quietly, false = what it said is no longer to be trusted. */
  stream(
    path: string,
    query: Readonly<Record<string, string>>,
    watch: { onEvent: WatchEvent; signal: AbortSignal },
  ): Promise<boolean>;
  close(): Promise<void>;
}

export function kubeApi(options: KubeApiOptions): KubeApi {
  let current: { readonly text: string; readonly session: Promise<KubeSession> } | undefined;
  const session = async () => {
    const text = await kubeconfigText(options.kubeconfigPath);
    if (current?.text !== text) {
      const opening = { text, session: openSession(options, text) };
      current = opening;
      // What failed to open (a plug-in that makes credentials) may work the next time.
      opening.session.catch(() => {
        if (current === opening) current = undefined;
      });
    }
    return await current.session;
  };
  return {
    get: async (path, query = {}) => {
      const { status, body } = await askKube(options.clock, await session(), { path, query });
      return status === GONE ? undefined : body;
    },
    remove: async (path, uid) => {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } });
      await askKube(options.clock, await session(), { path, body });
    },
    stream: async (path, query, watch) => await stream(await session(), { path, query }, watch),
    close: async () => {
      const ending = current;
      current = undefined;
      await ending?.session.then(
        ({ model }) => model.getDispatcher()?.destroy(),
        () => {},
      );
    },
  };
}

async function stream(
  { config, source }: KubeSession,
  { path, query = {} }: KubeRequest,
  { onEvent, signal }: { onEvent: WatchEvent; signal: AbortSignal },
): Promise<boolean> {
  const { Watch } = await import('@kubernetes/client-node');
  const ended = Promise.withResolvers<boolean>();
  // Silence is told as a time-out: nothing was missed, the watch goes on from where it was.
  const done = (error: unknown) => ended.resolve(!error || (error instanceof Error && error.name === 'TimeoutError'));
  const controller = await new Watch(config).watch(path, query, onEvent, done).catch((error: unknown) => {
    throw badKubeconfig(source.kubeconfigPath, reasonOf(error), error);
  });
  const stop = () => {
    controller.abort();
    ended.resolve(true);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await ended.promise;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
