import { describe, expect, it } from 'vitest';
import { powerOff, powerOn } from '../../src/rehearsal/boot.ts';
import { hasQuorum } from '../../src/rehearsal/cluster.ts';
import { stopRke2 } from '../../src/rehearsal/rke2.ts';
import {
  ciliumConfig,
  configure,
  firstServer,
  isNodeReady,
  journalOf,
  machineWithRke2,
  MANIFESTS,
  onlyCluster,
  openFour,
  start,
} from './installed.ts';

describe('the first server', () => {
  it('makes a cluster, its token, a kubeconfig and a node that is Ready once Cilium runs', async () => {
    const rehearsal = openFour();
    const server = await firstServer(rehearsal);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(true);
    expect(server.files.read('/var/lib/rancher/rke2/server/node-token')?.content).toMatch(/^K10[0-9a-f]{64}::server:/);
    expect(server.files.read('/etc/rancher/rke2/rke2.yaml')).toMatchObject({ mode: 0o600 });
  });

  it('never gets Ready without kube-proxy where Cilium is not told how to reach the API', async () => {
    const rehearsal = openFour();
    const server = machineWithRke2(rehearsal, 'dev-s1');
    configure(server);
    start(rehearsal, server);
    await rehearsal.clock.wait(3600);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(false);
  });

  it('never gets Ready with a kube-proxy replacement that does not know where the API is', async () => {
    const rehearsal = openFour();
    const server = machineWithRke2(rehearsal, 'dev-s1');
    configure(server);
    const content = ciliumConfig().replace('    k8sServiceHost: localhost\n', '');
    server.files.write(`${MANIFESTS}/rke2-cilium-config.yaml`, { content });
    start(rehearsal, server);
    await rehearsal.clock.wait(3600);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(false);
  });

  it('does not take the configuration of Cilium in any order: a namespace that the chart needs may come later', async () => {
    const rehearsal = openFour();
    const server = machineWithRke2(rehearsal, 'dev-s1');
    configure(server);
    const spire =
      'authentication: { enabled: true, mutual: { spire: { enabled: true, install: { existingNamespace: true } } } }';
    const values = `kubeProxyReplacement: true\\nk8sServiceHost: localhost\\nk8sServicePort: 6443\\n${spire}\\n`;
    server.files.write(`${MANIFESTS}/rke2-cilium-config.yaml`, {
      content: `apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: { name: rke2-cilium, namespace: kube-system }\nspec:\n  valuesContent: "${values}"\n`,
    });
    start(rehearsal, server);
    await rehearsal.clock.wait(600);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(false);
    server.files.write(`${MANIFESTS}/spire.yaml`, {
      content: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: cilium-spire }\n',
    });
    await rehearsal.clock.wait(120);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(true);
  });

  it('does not start with another token than the one that made its data', async () => {
    const rehearsal = openFour();
    const server = await firstServer(rehearsal);
    stopRke2(rehearsal.world, server);
    configure(server, { token: 'another' });
    start(rehearsal, server);
    await rehearsal.clock.wait(60);
    expect(server.units.get('rke2-server')?.active).toBe('activating');
    expect(journalOf(server, 'rke2-server')).toContain('encrypted with different token');
  });

  it('does not start while another program has its port', async () => {
    const rehearsal = openFour();
    const server = machineWithRke2(rehearsal, 'dev-s1');
    server.listeners.set(6443, 'haproxy');
    configure(server);
    start(rehearsal, server);
    await rehearsal.clock.wait(60);
    expect(journalOf(server, 'rke2-server')).toContain('address already in use');
    expect(rehearsal.world.clusters.size).toBe(0);
  });

  it('comes back with its cluster after its machine was switched off, where its unit is enabled', async () => {
    const rehearsal = openFour();
    const server = await firstServer(rehearsal);
    const unit = server.units.get('rke2-server');
    if (unit) unit.enabled = true;
    powerOff(rehearsal.world, server);
    await rehearsal.clock.wait(60);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(false);
    powerOn(rehearsal.world, server);
    await rehearsal.clock.wait(120);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-s1')).toBe(true);
  });

  it('skips no key of config.yaml that RKE2 does not have: that is a bug', () => {
    const rehearsal = openFour();
    const server = machineWithRke2(rehearsal, 'dev-s1');
    server.files.write('/etc/rancher/rke2/config.yaml', { content: 'tokn: a\n' });
    expect(() => start(rehearsal, server)).toThrow(/no key tokn/);
  });
});

describe('a further server', () => {
  it('is refused while another is a learner, and joins afterwards by itself', async () => {
    const rehearsal = openFour();
    const first = await firstServer(rehearsal);
    const others = ['dev-s2', 'dev-s3'].map((name) => machineWithRke2(rehearsal, name));
    for (const machine of others) {
      configure(machine, { join: first.node.address });
      start(rehearsal, machine);
    }
    await rehearsal.clock.wait(50);
    expect(onlyCluster(rehearsal).members.get('dev-s2')).toBe('learner');
    expect(journalOf(others[1]!, 'rke2-server')).toContain('too many learner members in cluster');
    await rehearsal.clock.wait(120);
    expect([...onlyCluster(rehearsal).members.values()]).toEqual(['voter', 'voter', 'voter']);
  });

  it('is refused with a wrong token, again and again', async () => {
    const rehearsal = openFour();
    const first = await firstServer(rehearsal);
    const server = machineWithRke2(rehearsal, 'dev-s2');
    configure(server, { join: first.node.address, token: 'that of another lab' });
    start(rehearsal, server);
    await rehearsal.clock.wait(60);
    expect(server.units.get('rke2-server')).toMatchObject({ active: 'activating' });
    expect(journalOf(server, 'rke2-server').match(/401 Unauthorized/g)?.length).toBeGreaterThan(3);
    expect(onlyCluster(rehearsal).members.has('dev-s2')).toBe(false);
  });

  it('is refused under the name of a lost one', async () => {
    const rehearsal = openFour();
    const first = await firstServer(rehearsal);
    const lost = machineWithRke2(rehearsal, 'dev-s2');
    configure(lost, { join: first.node.address });
    start(rehearsal, lost);
    await rehearsal.clock.wait(120);
    powerOff(rehearsal.world, lost);
    const second = machineWithRke2(rehearsal, 'dev-s2');
    configure(second, { join: first.node.address });
    start(rehearsal, second);
    await rehearsal.clock.wait(60);
    expect(journalOf(second, 'rke2-server')).toContain('duplicate node name found');
    expect(hasQuorum(rehearsal.world, onlyCluster(rehearsal))).toBe(false);
  });
});

describe('an agent', () => {
  it('waits for a server, and joins when there is one', async () => {
    const rehearsal = openFour();
    const agent = machineWithRke2(rehearsal, 'dev-a1');
    configure(agent, { join: '192.168.123.50' });
    start(rehearsal, agent);
    await rehearsal.clock.wait(60);
    expect(agent.units.get('rke2-agent')?.active).toBe('activating');
    expect(journalOf(agent, 'rke2-agent')).toContain('connection refused');
    await firstServer(rehearsal);
    expect(agent.units.get('rke2-agent')?.active).toBe('active');
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-a1')).toBe(true);
  });

  it('stays out with a wrong token', async () => {
    const rehearsal = openFour();
    const first = await firstServer(rehearsal);
    const agent = machineWithRke2(rehearsal, 'dev-a1');
    configure(agent, { join: first.node.address, token: 'another' });
    start(rehearsal, agent);
    await rehearsal.clock.wait(60);
    expect(agent.units.get('rke2-agent')?.active).toBe('activating');
    expect(journalOf(agent, 'rke2-agent')).toContain('401 Unauthorized');
  });
});
