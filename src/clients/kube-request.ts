import type { Clock } from '../lab.ts';
import { isDistrust, kubeDistrusted, kubeRefused, kubeUnreachable, reasonOf } from './kube-errors.ts';
import type { KubeSession } from './kube-session.ts';

/** Seconds before a request is made again. */
const PAUSES = [0.5, 1, 2];
const LONGEST_REQUEST_SECONDS = 30;
const GONE = 404;
const ANOTHER = 409;
const TOO_MANY = 429;

export interface KubeRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a deletion; without it, it is a read. */
  readonly body?: string;
}

/** An answer that is the API's own. */
export interface KubeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Why there was no answer worth the name. */
interface Silence {
  readonly reason: string;
  readonly cause?: unknown;
}

/**
 * Asks again where nobody answers or the API is ill. Done, not there (404), and for deletions another object by now
 * (409) are answers; refused and unreachable are LabErrors.
 */
export async function askKube(clock: Clock, session: KubeSession, request: KubeRequest): Promise<KubeAnswer> {
  for (const pause of PAUSES) {
    const answer = await tryOnce(session, request);
    if ('status' in answer) return checked(session, request, answer);
    await clock.wait(pause);
  }
  const last = await tryOnce(session, request);
  if ('status' in last) return checked(session, request, last);
  throw kubeUnreachable(session.source, last.reason, last.cause);
}

function checked({ source }: KubeSession, { path, body }: KubeRequest, answer: KubeAnswer): KubeAnswer {
  const { status } = answer;
  const isAnswer = status < 300 || status === GONE || (status === ANOTHER && body !== undefined);
  if (isAnswer) return answer;
  throw kubeRefused(source, path, answer);
}

async function tryOnce(session: KubeSession, request: KubeRequest): Promise<KubeAnswer | Silence> {
  try {
    const answer = await ask(session, request);
    return answer.status >= 500 || answer.status === TOO_MANY ? { reason: `HTTP ${answer.status}` } : answer;
  } catch (error) {
    if (isDistrust(error)) throw kubeDistrusted(session.source, reasonOf(error), error);
    if (error instanceof SyntaxError) return { reason: 'what came is no JSON', cause: error };
    // What undici throws, with what happened as its cause, and its time-out.
    const isSilence = error instanceof DOMException || (error instanceof TypeError && error.cause !== undefined);
    if (isSilence) return { reason: reasonOf(error), cause: error };
    throw error;
  }
}

async function ask({ source, model }: KubeSession, { path, query = {}, body }: KubeRequest): Promise<KubeAnswer> {
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
