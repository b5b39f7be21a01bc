import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import { badKubeconfig, noKubeconfig, reasonOf, type KubeSource } from './kube-errors.ts';
import { errorCode, fileError } from './local-files.ts';

/** Which cluster, as which user. */
export interface KubeAccess {
  readonly kubeconfigPath: string;
  /** The kubeconfig's current one unless said. */
  readonly context?: string;
}

/** A kubeconfig in use. */
export interface KubeSession {
  readonly config: KubeConfig;
  readonly source: KubeSource;
  /** A request with the credentials in it; others borrow them, and with them its connections. */
  readonly model: RequestContext;
}

/** Throws a LabError where the kubeconfig is of no use. */
export async function openSession({ kubeconfigPath, context }: KubeAccess, text: string): Promise<KubeSession> {
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
  if (!cluster)
    throw badKubeconfig(kubeconfigPath, `it has no cluster for the context '${config.getCurrentContext()}'`);
  const server = cluster.server.replace(/\/+$/, '');
  if (!URL.canParse(server)) throw badKubeconfig(kubeconfigPath, `its server '${server}' is not an address`);
  const model = new RequestContext(server, HttpMethod.GET);
  try {
    await config.applySecurityAuthentication(model);
  } catch (error) {
    throw badKubeconfig(kubeconfigPath, reasonOf(error), error);
  }
  return { config, source: { server, kubeconfigPath }, model };
}

/** Throws a LabError where there is none. */
export async function kubeconfigText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? noKubeconfig(path, error) : fileError(error, 'read', path);
  }
}
