import { describe, expect, it } from 'vitest';
import { labKubeconfig } from '../../src/kube/kubeconfig.ts';
import { stopRke2 } from '../../src/rehearsal/rke2.ts';
import {
  configure,
  firstServer,
  isNodeReady,
  journalOf,
  machineWithRke2,
  onlyCluster,
  openFour,
  start,
} from './installed.ts';

const NODES = { apiVersion: 'v1', kind: 'Node' } as const;

describe('the rehearsed API', () => {
  it('answers through the kubeconfig that the first server wrote', async () => {
    const { rehearsal } = await withKubeconfig();
    expect((await rehearsal.lab.kube.list(NODES)).map(({ metadata }) => metadata.name)).toEqual(['dev-s1']);
  });

  it('is away for a while when its server restarts, and tells those who watch that it is back', async () => {
    const { rehearsal, server } = await withKubeconfig();
    stopRke2(rehearsal.world, server);
    await expect(rehearsal.lab.kube.list(NODES)).rejects.toMatchObject({ name: 'LabError', transient: true });
    let told = 0;
    const stop = rehearsal.lab.kube.watch(NODES, () => {
      told += 1;
    });
    start(rehearsal, server);
    await rehearsal.clock.wait(60);
    expect(told).toBeGreaterThan(0);
    await expect(rehearsal.lab.kube.list(NODES)).resolves.toHaveLength(1);
    stop();
  });

  it('tells of changes in the scope that is watched, and of no other', async () => {
    const { rehearsal } = await withKubeconfig();
    const told: string[] = [];
    rehearsal.lab.kube.watch({ ...NODES, name: 'dev-s1' }, () => told.push('dev-s1'));
    rehearsal.lab.kube.watch({ ...NODES, name: 'dev-s2' }, () => told.push('dev-s2'));
    const { store } = onlyCluster(rehearsal);
    store.put({ ...NODES, metadata: { name: 'dev-s2' } });
    store.put({ ...NODES, metadata: { name: 'dev-s2' } });
    expect(told).toEqual(['dev-s2']);
  });

  it('refuses the kubeconfig of a cluster that was there before', async () => {
    const { rehearsal } = await withKubeconfig();
    const path = `${rehearsal.lab.directory}/kubeconfig`;
    const old = rehearsal.world.host.files.read(path)?.content ?? '';
    rehearsal.world.host.files.write(path, { content: old.replace(/(certificate-authority-data: ).*/, '$1b2xk') });
    await expect(rehearsal.lab.kube.list(NODES)).rejects.toMatchObject({ name: 'LabError', transient: false });
  });

  it('removes just the object that was read, and lets a new machine of its name in', async () => {
    const { rehearsal, server } = await withKubeconfig();
    const before = machineWithRke2(rehearsal, 'dev-a1');
    configure(before, { join: server.node.address });
    start(rehearsal, before);
    await rehearsal.clock.wait(60);
    const node = await rehearsal.lab.kube.get({ ...NODES, name: 'dev-a1' });
    stopRke2(rehearsal.world, before);
    const after = machineWithRke2(rehearsal, 'dev-a1');
    configure(after, { join: server.node.address });
    start(rehearsal, after);
    await rehearsal.clock.wait(60);
    expect(journalOf(after, 'rke2-agent')).toContain('Node password rejected');
    await rehearsal.lab.kube.remove({ ...node!, metadata: { ...node!.metadata, uid: 'another' } });
    expect(await rehearsal.lab.kube.get({ ...NODES, name: 'dev-a1' })).toBeDefined();
    await rehearsal.lab.kube.remove(node!);
    await rehearsal.clock.wait(60);
    expect(isNodeReady(onlyCluster(rehearsal), 'dev-a1')).toBe(true);
  });
});

async function withKubeconfig() {
  const rehearsal = openFour();
  const server = await firstServer(rehearsal);
  const own = server.files.read('/etc/rancher/rke2/rke2.yaml')?.content ?? '';
  const content = labKubeconfig(own, 'dev', server.node.address);
  rehearsal.world.host.files.write(`${rehearsal.lab.directory}/kubeconfig`, { content, mode: 0o600 });
  return { rehearsal, server };
}
