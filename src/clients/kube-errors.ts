import { LabError } from '../engine/errors.ts';
import { errorCode } from './local-files.ts';

/** Which API, for messages. */
export interface KubeSource {
  /** `https://192.168.123.50:6443` */
  readonly server: string;
  readonly kubeconfigPath: string;
}

/** The API said no, and why. */
export function kubeRefused(
  { server, kubeconfigPath }: KubeSource,
  path: string,
  answer: { status: number; body: unknown },
): LabError {
  const why = statusMessage(answer.body) ?? `HTTP ${answer.status}`;
  const byHand = `kubectl --kubeconfig ${kubeconfigPath} get --raw '${path}'`;
  if (answer.status === 401)
    return new LabError(
      `the Kubernetes API at ${server} does not know the user of ${kubeconfigPath}: refused (401): ${why}`,
      `rm ${kubeconfigPath}   # then run this command again: the lab fetches a new one`,
    );
  if (answer.status === 403)
    return new LabError(
      `the Kubernetes API at ${server} refused (403): ${why}`,
      `give this user the right, or use another context: ${byHand}`,
    );
  return new LabError(`the Kubernetes API at ${server} answered ${answer.status} to ${path}: ${why}`, byHand);
}

/** Nobody answered, or nobody in his right mind; it may be better in a while. */
export function kubeUnreachable({ server, kubeconfigPath }: KubeSource, reason: string, cause: unknown): LabError {
  return new LabError(
    `the Kubernetes API at ${server} is unreachable: ${reason}`,
    `kubectl --kubeconfig ${kubeconfigPath} get --raw /readyz   # is rke2-server up on the machine with this address?`,
    { cause, transient: true },
  );
}

/** Somebody answered who cannot prove to be this cluster. */
export function kubeDistrusted({ server, kubeconfigPath }: KubeSource, reason: string, cause: unknown): LabError {
  return new LabError(
    `what answers at ${server} is not the cluster of ${kubeconfigPath}: ${reason}`,
    `rm ${kubeconfigPath}   # if the cluster was made anew; then run this command again`,
    { cause },
  );
}

export function noKubeconfig(path: string, cause: unknown): LabError {
  return new LabError(`there is no kubeconfig at ${path}: the lab has no cluster yet`, 'npm run lab:up', { cause });
}

export function badKubeconfig(path: string, reason: string, cause?: unknown): LabError {
  return new LabError(`${path} is not a usable kubeconfig: ${reason}`, `kubectl --kubeconfig ${path} config view`, {
    cause,
  });
}

/** The last cause in the chain that says something: `fetch failed` does not. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message === '' ? (errorCode(error) ?? error.name) : error.message;
}

/** True for a certificate that is not the cluster's. */
export function isDistrust(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /CERT|SIGNATURE|SELF_SIGNED/.test(errorCode(error) ?? '') || isDistrust(error.cause);
}

/** What the API says in a `Status`. */
function statusMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined;
  return typeof body.message === 'string' ? body.message : undefined;
}
