import type { Step } from '../engine/phase.ts';
import { contextOf, labKubeconfig, withContext } from '../kube/kubeconfig.ts';
import { kubeconfigFile, type Site } from './rke2-site.ts';

/**
 * The lab's kubeconfig, from the first server that has one, and the lab's context in the operator's own.
 * Only that server's loop does it.
 */
export async function kubeconfigSteps(site: Site): Promise<readonly Step[]> {
  const { lab, node } = site;
  const keeper = site.servers.find(({ state }) => state.kubeconfig !== undefined && state.unit.active === 'active');
  if (keeper?.node !== node || keeper.state.kubeconfig === undefined) return [];
  const content = labKubeconfig(keeper.state.kubeconfig, lab.name, node.address);
  const own = (await lab.host.readFile(lab.userKubeconfig))?.content;
  const merged = withContext(own, lab.name, content);
  const file = kubeconfigFile(lab);
  const steps: Step[] = [];
  if (site.kubeconfig !== content)
    steps.push({
      title: `write the kubeconfig of lab ${lab.name}, from ${node.name}`,
      run: (signal) => lab.host.writeFile(file, { content, mode: 0o600 }, signal),
    });
  if (own !== merged)
    steps.push({
      title: `put context ${contextOf(lab.name)} into ${lab.userKubeconfig}`,
      run: (signal) => lab.host.writeFile(lab.userKubeconfig, { content: merged, mode: 0o600 }, signal),
    });
  return steps;
}
