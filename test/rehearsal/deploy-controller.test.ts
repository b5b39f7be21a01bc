import { describe, expect, it } from 'vitest';
import type { MachineState } from '../../src/rehearsal/machine-state.ts';
import type { Rehearsal } from '../../src/rehearsal/open.ts';
import { stopRke2 } from '../../src/rehearsal/rke2.ts';
import {
  ciliumConfig,
  firstServer,
  MANIFESTS,
  onlyCluster,
  openFour,
  patchValues,
  start,
  valuesOf,
} from './installed.ts';

const FILE = `${MANIFESTS}/rke2-cilium-config.yaml`;
const PATCHED = 'kubeProxyReplacement: true\nk8sServiceHost: localhost\nk8sServicePort: 6443\npatched: true\n';

describe('the deploy controller of a server', () => {
  it('puts an edit of the API back at its next start, though the file did not change', async () => {
    const { rehearsal, server } = await running();
    const before = valuesOf(onlyCluster(rehearsal));
    patchValues(onlyCluster(rehearsal), PATCHED);
    await restart(rehearsal, server);
    expect(valuesOf(onlyCluster(rehearsal))).toBe(before);
  });

  it('leaves an edit of the API alone while it runs', async () => {
    const { rehearsal } = await running();
    patchValues(onlyCluster(rehearsal), PATCHED);
    await rehearsal.clock.wait(600);
    expect(valuesOf(onlyCluster(rehearsal))).toBe(PATCHED);
  });

  it('applies a changed file within 15 seconds', async () => {
    const { rehearsal, server } = await running();
    server.files.write(FILE, { content: ciliumConfig('debug: { enabled: true }') });
    await rehearsal.clock.wait(15.1);
    expect(valuesOf(onlyCluster(rehearsal))).toContain('debug');
  });

  it('does not apply a file that was written again with the same content', async () => {
    const { rehearsal, server } = await running();
    patchValues(onlyCluster(rehearsal), PATCHED);
    server.files.write(FILE, { content: ciliumConfig() });
    await rehearsal.clock.wait(60);
    expect(valuesOf(onlyCluster(rehearsal))).toBe(PATCHED);
  });

  it('deletes nothing when a file is deleted, not even at its next start', async () => {
    const { rehearsal, server } = await running();
    patchValues(onlyCluster(rehearsal), PATCHED);
    server.files.remove(FILE);
    await restart(rehearsal, server);
    expect(valuesOf(onlyCluster(rehearsal))).toBe(PATCHED);
  });

  it('deletes the object when its file is emptied', async () => {
    const { rehearsal, server } = await running();
    server.files.write(FILE, { content: '# nothing\n' });
    await rehearsal.clock.wait(15.1);
    expect(valuesOf(onlyCluster(rehearsal))).toBeUndefined();
  });

  it('ignores a file with .skip beside it', async () => {
    const { rehearsal, server } = await running();
    patchValues(onlyCluster(rehearsal), PATCHED);
    server.files.write(`${FILE}.skip`, { content: '' });
    await restart(rehearsal, server);
    expect(valuesOf(onlyCluster(rehearsal))).toBe(PATCHED);
  });

  it('applies every file again and again while one of them cannot be applied', async () => {
    const { rehearsal, server } = await running();
    server.files.write(`${MANIFESTS}/broken.yaml`, {
      content: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: root }\n',
    });
    await restart(rehearsal, server);
    patchValues(onlyCluster(rehearsal), PATCHED);
    await rehearsal.clock.wait(15.1);
    expect(valuesOf(onlyCluster(rehearsal))).not.toBe(PATCHED);
  });
});

async function running(): Promise<{ readonly rehearsal: Rehearsal; readonly server: MachineState }> {
  const rehearsal = openFour();
  return { rehearsal, server: await firstServer(rehearsal) };
}

async function restart(rehearsal: Rehearsal, server: MachineState): Promise<void> {
  stopRke2(rehearsal.world, server);
  start(rehearsal, server);
  await rehearsal.clock.wait(60);
}
