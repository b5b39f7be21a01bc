import { describe, expect, it } from 'vitest';
import { powerOff } from '../../src/rehearsal/boot.ts';
import type { MachineState } from '../../src/rehearsal/machine-state.ts';
import { stopRke2 } from '../../src/rehearsal/rke2.ts';
import { errorsOf, FOUR_MACHINES, rehearse, type Rehearsed } from '../harness.ts';

describe('a lab that was brought up', () => {
  it('has every node Ready, and one cluster', async () => {
    const rehearsed = await broughtUp();
    expect(await readyNodes(rehearsed)).toEqual(['dev-a1', 'dev-s1', 'dev-s2', 'dev-s3']);
    expect(rehearsed.world.clusters.size).toBe(1);
  });

  it('is not written to by a second run', async () => {
    const rehearsed = await broughtUp();
    const { length } = rehearsed.writes;
    expect(errorsOf(await rehearsed.run(rehearsed.revive()))).toEqual(new Map());
    expect(rehearsed.writes.slice(length)).toEqual([]);
  });

  it('has an empty plan', async () => {
    const rehearsed = await broughtUp();
    const plans = await rehearsed.plan();
    expect(plans.map(({ result }) => result)).toEqual(plans.map(() => ({ state: 'planned', steps: [] })));
  });

  it('gets the profile cis where config.yaml asks for it', async () => {
    const rehearsed = rehearse({ config: 'rke2: { profile: cis }\n' });
    expect(errorsOf(await rehearsed.run())).toEqual(new Map());
    expect(rehearsed.world.machines.get('dev-s1')?.users.has('etcd')).toBe(true);
  });

  it.each(['dev-s1', 'dev-s2', 'dev-a1'])(
    'gets back %s, which was destroyed behind its back, and nothing else',
    async (name) => {
      const rehearsed = await broughtUp();
      destroy(rehearsed, name);
      await rehearsed.lab.clock.wait(300);
      const { length } = rehearsed.writes;
      expect(errorsOf(await rehearsed.run(rehearsed.revive()))).toEqual(new Map());
      expect(await readyNodes(rehearsed)).toHaveLength(4);
      expect(rehearsed.world.clusters.size).toBe(1);
      const places = new Set(rehearsed.writes.slice(length).map(({ where }) => where));
      expect([...places].filter((where) => where.startsWith('dev-'))).toEqual([name]);
    },
  );

  it('gets back a machine that was destroyed a moment ago, and whose node still counts as Ready', async () => {
    const rehearsed = await broughtUp();
    destroy(rehearsed, 'dev-a1');
    expect(errorsOf(await rehearsed.run(rehearsed.revive()))).toEqual(new Map());
    expect(await readyNodes(rehearsed)).toHaveLength(4);
  });

  it('is started again after all machines were switched off', async () => {
    const rehearsed = await broughtUp();
    for (const machine of rehearsed.world.machines.values()) powerOff(rehearsed.world, machine);
    await rehearsed.lab.clock.wait(300);
    const { length } = rehearsed.writes;
    expect(errorsOf(await rehearsed.run(rehearsed.revive()))).toEqual(new Map());
    expect(await readyNodes(rehearsed)).toHaveLength(4);
    expect(rehearsed.writes.slice(length)).toEqual([{ where: 'provider', what: 'provider' }]);
  });

  it('starts a stopped RKE2 again', async () => {
    const rehearsed = await broughtUp();
    stopRke2(rehearsed.world, machineOf(rehearsed, 'dev-s2'));
    const { length } = rehearsed.writes;
    expect(errorsOf(await rehearsed.run(rehearsed.revive()))).toEqual(new Map());
    expect(rehearsed.writes.slice(length)).toEqual([{ where: 'dev-s2', what: 'machine:run systemctl' }]);
  });

  it('gets its clock, sysctls and resolver put right again', async () => {
    const rehearsed = await broughtUp();
    const machine = machineOf(rehearsed, 'dev-s1');
    machine.skew = 600;
    machine.sysctls.set('fs.inotify.max_user_instances', '128');
    machine.files.write('/etc/resolv.conf', { content: 'nameserver 127.0.0.53\n' });
    expect(errorsOf(await rehearsed.run(rehearsed.revive()))).toEqual(new Map());
    expect(Math.abs(machine.skew)).toBeLessThan(5);
    expect(machine.sysctls.get('fs.inotify.max_user_instances')).toBe('8192');
    expect(machine.files.read('/etc/resolv.conf')?.content).not.toContain('127.0.0.53');
  });
});

describe('servers', () => {
  it('join one at a time: etcd never refuses a learner', async () => {
    const { world } = await broughtUp();
    const journals = [...world.machines.values()].flatMap(({ journal }) => journal.get('rke2-server') ?? []);
    expect(journals).toContain('level=info msg="rke2 is up and running"');
    expect(journals.filter((line) => line.includes('level=fatal'))).toEqual([]);
  });

  it('are upgraded one at a time: etcd always keeps its majority', async () => {
    const rehearsed = rehearse({ config: `${FOUR_MACHINES}rke2: { version: v1.35.7+rke2r1 }\n` });
    expect(errorsOf(await rehearsed.run())).toEqual(new Map());
    const running: number[] = [];
    const order: string[] = [];
    rehearsed.world.onRke2Start.push((machine) => {
      const others = [...rehearsed.world.machines.values()].filter((other) => other !== machine);
      order.push(machine.name);
      running.push(others.filter(({ rke2 }) => rke2?.kind === 'server' && rke2.serving).length);
    });
    const upgrade = rehearsed.reconfigured(`${FOUR_MACHINES}rke2: { version: v1.36.4+rke2r1 }\n`);
    expect(errorsOf(await upgrade.run())).toEqual(new Map());
    expect([...rehearsed.world.machines.values()].map(({ rke2 }) => rke2?.version)).toEqual(
      Array(4).fill('v1.36.4+rke2r1'),
    );
    expect(running.filter((count) => count < 2)).toEqual([]);
    expect(order).toEqual(['dev-s1', 'dev-s2', 'dev-s3', 'dev-a1']);
    expect(await readyNodes(upgrade)).toHaveLength(4);
  });

  it('get a third and a fourth machine added later', async () => {
    const one = 'machines: { size: own, sizes: { own: { servers: { count: 1 } } } }\n';
    const rehearsed = rehearse({ config: one });
    expect(errorsOf(await rehearsed.run())).toEqual(new Map());
    const more = rehearsed.reconfigured(one.replace('count: 1 }', 'count: 3 }, agents: { count: 1 }'));
    expect(errorsOf(await more.run())).toEqual(new Map());
    expect(await readyNodes(more)).toEqual(['dev-a1', 'dev-s1', 'dev-s2', 'dev-s3']);
  });
});

describe('a lab with a machine that holds the RKE2 of another cluster', () => {
  it('does not lead the other machines there', async () => {
    const rehearsed = rehearse({ fault: 'other-cluster' });
    const errors = errorsOf(await rehearsed.run());
    expect(String(errors.get('install-rke2 dev-s1'))).toContain('holds the RKE2 of another cluster');
    for (const name of ['dev-s2', 'dev-s3', 'dev-a1'])
      expect(machineOf(rehearsed, name).files.read('/etc/rancher/rke2/config.yaml')).toBeUndefined();
  });
});

async function broughtUp(): Promise<Rehearsed> {
  const rehearsed = rehearse();
  expect(errorsOf(await rehearsed.run())).toEqual(new Map());
  return rehearsed;
}

function machineOf({ world }: Rehearsed, name: string): MachineState {
  const machine = world.machines.get(name);
  if (!machine) throw new Error(`there is no ${name}`);
  return machine;
}

function destroy(rehearsed: Rehearsed, name: string): void {
  powerOff(rehearsed.world, machineOf(rehearsed, name));
  rehearsed.world.machines.delete(name);
}

async function readyNodes({ revive }: Rehearsed): Promise<readonly string[]> {
  const nodes = await revive().kube.list({ apiVersion: 'v1', kind: 'Node' });
  const ready = nodes.filter(
    ({ status }) => status.conditions[0].type === 'Ready' && status.conditions[0].status === 'True',
  );
  return ready.map(({ metadata }) => metadata.name);
}
