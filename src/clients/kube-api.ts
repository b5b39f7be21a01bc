import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { Clock } from '../lab.ts';
import { badKubeconfig, isDistrust, kubeDistrusted, kubeRefused, kubeUnreachable, noKubeconfig, reasonOf, type KubeSource } from './kube-errors.ts';
import { errorCode, fileError } from './local-files.ts';

/** Seconds before a read is tried again. */
const PAUSES = [0.5, 1, 2];
const GONE = 404;
const ANOTHER = 409;
const LONGEST_REQUEST_SECONDS = 30;

export interface KubeApiOptions {
  readonly kubeconfigPath: string;
  /** The kubeconfig's current one unless said. */
  readonly context?: string;
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
  stream(path: string, query: Readonly<Record<string, string>>, watch: { onEvent: WatchEvent; signal: AbortSignal }): Promise<boolean>;
  close(): Promise<void>;
}

interface Session {
  readonly config: KubeConfig;
  readonly source: KubeSource;
  /** A request with the credentials in it; others borrow them, and with them its connections. */
  readonly model: RequestContext;
}

export function kubeApi(options: KubeApiOptions): KubeApi {
  let current: { readonly text: string; readonly session: Promise<Session> } | undefined;
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
      const { status, body } = await askUntilAnswered(options.clock, await session(), { path, query });
      return status === GONE ? undefined : body;
    },
    remove: async (path, uid) => {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } });
      await askUntilAnswered(options.clock, await session(), { path, body });
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

interface Question {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a deletion; without it, it is a read. */
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An answer that is the API's own: done, or not there (404), or another object by now (409, deletions only). */
async function askUntilAnswered(clock: Clock, session: Session, question: Question): Promise<Answer> {
  const { source } = session;
  for (const pause of [...PAUSES, undefined]) {
    let trouble: { readonly reason: string; readonly cause?: unknown };
    try {
      const answer = await ask(session, question);
      if (answer.status === GONE || (answer.status >= 200 && answer.status < 300)) return answer;
      if (answer.status === ANOTHER && question.body !== undefined) return answer;
      if (answer.status < 500 && answer.status !== 429) throw kubeRefused(source, question.path, answer);
      trouble = { reason: `HTTP ${answer.status}` };
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
      const reason = error instanceof SyntaxError ? 'what came is no JSON' : reasonOf(error);
      if (isDistrust(error)) throw kubeDistrusted(source, reason, error);
      trouble = { reason, cause: error };
    }
    if (pause === undefined) throw kubeUnreachable(source, trouble.reason, trouble.cause);
    await clock.wait(pause);
  }
  throw new Error('the last try either returned or threw');
}

async function ask({ source, model }: Session, { path, query = {}, body }: Question): Promise<Answer> {
  const { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const request = new RequestContext(source.server + path, body === undefined ? HttpMethod.GET : HttpMethod.DELETE);
  for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
  for (const [name, value] of Object.entries(model.getHeaders())) request.setHeaderParam(name, value);
  request.setHeaderParam('accept', 'application/json');
  if (body !== undefined) {
    request.setHeaderParam('content-type', 'application/json');
    request.setBody(body);
  }
  const dispatcher = model.getDispatcher();
  if (dispatcher) request.setDispatcher(dispatcher);
  request.setSignal(AbortSignal.timeout(LONGEST_REQUEST_SECONDS * 1000));
  const response = await new IsomorphicFetchHttpLibrary().send(request).toPromise();
  const text = await response.body.text();
  const { httpStatusCode: status } = response;
  return { status, body: status === 200 || text.startsWith('{') ? JSON.parse(text) : undefined };
}

async function stream(
  { config, source }: Session,
  { path, query = {} }: Question,
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

async function openSession({ kubeconfigPath, context }: KubeApiOptions, text: string): Promise<Session> {
  const { HttpMethod, KubeConfig, RequestContext } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw badKubeconfig(kubeconfigPath, reasonOf(error), error);
  }
  config.makePathsAbsolute(dirname(kubeconfigPath));
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw badKubeconfig(kubeconfigPath, `it has no cluster for the context '${config.getCurrentContext()}'`);
  const server = cluster.server.replace(/\/+$/, '');
  const model = new RequestContext(server, HttpMethod.GET);
  try {
    await config.applySecurityAuthentication(model);
  } catch (error) {
    throw badKubeconfig(kubeconfigPath, reasonOf(error), error);
  }
  return { config, source: { server, kubeconfigPath }, model };
}

async function kubeconfigText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? noKubeconfig(path, error) : fileError(error, 'read', path);
  }
}
