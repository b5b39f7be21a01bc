import type { Config, Node } from '../config/schema.ts';
import { definePhase, type Step } from '../engine/phase.ts';
import { joiningOf, RKE2_CONFIG_FILE, rke2Config, rke2Wanted, type Rke2Wanted } from '../kube/rke2-config.ts';
import type { Lab } from '../lab.ts';
import { cisSteps } from '../node/cis.ts';
import { kubeconfigSteps } from '../node/kubeconfig-steps.ts';
import { rke2FileSteps } from '../node/rke2-files.ts';
import { agentEntrance, predecessorSteps, serverEntrance, turnSteps, type Entrance } from '../node/rke2-join.ts';
import { refuse } from '../node/rke2-refusals.ts';
import { siteOf, type Site } from '../node/rke2-site.ts';
import { readySteps, restartSteps, startSteps } from '../node/rke2-unit.ts';
import { configureCilium } from './configure-cilium.ts';
import { fetchRke2 } from './fetch-rke2.ts';

interface Want {
  readonly node: Node;
  readonly rke2: Rke2Wanted;
}

export const installRke2 = definePhase({
  name: 'install-rke2',
  title: 'Install RKE2',
  scope: 'machine',
  needs: { files: fetchRke2, cilium: configureCilium },
  reads: (config: Config, node: Node): Want => ({ node, rke2: rke2Wanted(config) }),
  writes: [
    'machine:/var/lib/rancher/rke2-lab/**',
    'machine:/var/lib/rancher/rke2/agent/images/**',
    'machine:/etc/rancher/rke2/config.yaml',
    'machine:/etc/sysctl.d/60-rke2-cis.conf',
    'machine:run tar',
    'machine:run systemctl',
    'machine:run sysctl',
    'machine:run useradd',
    'host:<lab>/kubeconfig',
    'host:<kubeconfig>',
    'kube:Node',
  ],
  within: 900,
  async plan(lab: Lab, { node, rke2 }, { files }) {
    const site = await siteOf(lab, node, rke2.nodes);
    await refuse(site, { lab: rke2.lab, token: site.token, release: files.release });
    const installing = [
      ...(await rke2FileSteps(site.machine, site.state, files)),
      ...(await cisSteps(site, rke2.profile)),
    ];
    const isMember = site.state.holdsCluster || site.state.registered;
    return isMember ? memberSteps(site, rke2, installing) : newcomerSteps(site, rke2, installing);
  },
});

/** A node of the cluster: keeps the server that it joined; is started without asking the others, who may wait for it. */
async function memberSteps(site: Site, rke2: Rke2Wanted, installing: readonly Step[]): Promise<readonly Step[]> {
  const { join } = joiningOf(site.state.config ?? '');
  const config = configSteps(site, rke2Config(rke2, site.node, { token: site.token, ...(join ? { join } : {}) }));
  const first = [...installing, ...config, ...startSteps(site)];
  if (first.length > 0) return [...first, finish(site)];
  return arrival(site);
}

/** A node that is in no cluster yet. */
async function newcomerSteps(site: Site, rke2: Rke2Wanted, installing: readonly Step[]): Promise<readonly Step[]> {
  const entrance = site.node.role === 'server' ? serverEntrance(site) : await agentEntrance(site, rke2.nodes);
  if (entrance.how === 'wait') return [...installing, entrance.step];
  const join = entrance.how === 'join' ? { join: entrance.address } : {};
  const config = configSteps(site, rke2Config(rke2, site.node, { token: site.token, ...join }));
  const first = [...installing, ...config];
  const start = startSteps(site);
  if (start.length === 0) return first.length > 0 ? [...first, finish(site)] : arrival(site);
  return [...first, ...(await gateSteps(site, entrance)), ...start, finish(site)];
}

/** What must be so before a newcomer may knock. */
async function gateSteps(site: Site, entrance: Entrance): Promise<readonly Step[]> {
  if (entrance.how === 'found') return [];
  const turn = site.node.role === 'server' ? await turnSteps(site) : [];
  return turn.length > 0 ? turn : predecessorSteps(site);
}

async function arrival(site: Site): Promise<readonly Step[]> {
  const restart = await restartSteps(site);
  if (restart.length > 0) return [...restart, finish(site)];
  const kubeconfig = await kubeconfigSteps(site);
  return kubeconfig.length > 0 ? [...kubeconfig, finish(site)] : readySteps(site);
}

function configSteps({ machine, node, state }: Site, content: string): readonly Step[] {
  if (state.config === content) return [];
  return [
    {
      title: `write ${RKE2_CONFIG_FILE} on ${node.name}`,
      run: (signal) => machine.writeFile(RKE2_CONFIG_FILE, { content, mode: 0o600 }, signal),
    },
  ];
}

function finish({ node }: Site): Step {
  return { title: `wait for node ${node.name} to be Ready` };
}
