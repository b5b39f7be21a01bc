import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { glob, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeTrouble } from '../../src/kube/readiness.ts';
import type { KubeObject } from '../../src/lab.ts';
import { machines } from './lab-config.ts';
import { project } from './project.ts';
import { compareVagrantfile } from './vagrantfile.ts';
import type { LabRun, World } from './world.ts';

/** One after another, each on what the one before left. */
interface Scenario {
  readonly title: string;
  /** Throws where it is not so; may answer with a figure to show. */
  run(world: World): Promise<string | undefined>;
}

const FOREIGN = ['somebodys', 'rke2-lab-vmtest-s9'] as const;
const address = (machine: string) => `192.168.123.${49 + Number(machine.at(-1))}`;
let uuids: readonly string[] = [];
let boots: readonly string[] = [];

export const scenarios: readonly Scenario[] = [
  {
    title: 'the Vagrantfile defines the machines that the program wants, and Vagrant finds no fault in it',
    run: ({ state }) => compareVagrantfile(state),
  },
  {
    title: 'a domain of somebody else under a wanted name is refused before anything is made',
    async run({ lab, virsh }) {
      await defineForeign(virsh, 'rke2-lab-vmtest-s2');
      const { exit, errors } = await lab('up');
      assert.equal(exit, 2);
      assert.match(errors[0]?.message ?? '', /vmtest-s2/);
      assert.deepEqual(await names(virsh, 'list'), ['rke2-lab-vmtest-s2']);
      assert.deepEqual(await names(virsh, 'net-list'), []);
      await virsh('undefine', 'rke2-lab-vmtest-s2');
      return undefined;
    },
  },
  {
    title: 'lab:up creates three machines from nothing and every node is Ready',
    async run({ lab, virsh, nodes, mirror, kubeconfig }) {
      for (const name of FOREIGN) await defineForeign(virsh, name);
      await virsh('vol-create-as', 'default', 'rke2-lab-somebody-s1.img', '1M');
      const result = await lab('up');
      succeeded(result);
      assert.deepEqual(ready(await nodes()), machines);
      for (const [file, count] of mirror.asked) assert.equal(count, 1, `${file} was downloaded ${count} times`);
      assert.match(await readFile(kubeconfig, 'utf8'), /rke2-lab-vmtest/);
      uuids = await Promise.all(machines.map((name) => virsh('domuuid', `rke2-lab-${name}`)));
      return `${result.changes} steps`;
    },
  },
  {
    title: "a machine lets in the lab's key and not the one that Vagrant publishes",
    async run({ ssh, directory }) {
      const vagrants = join(process.env['VAGRANT_HOME'] ?? '', 'insecure_private_key');
      for (const machine of machines) {
        assert.equal((await ssh({ address: address(machine), key: vagrants }, 'true')).exit, 255);
        assert.equal(
          (await ssh({ address: address(machine), key: join(directory, 'id_ed25519') }, 'hostname')).stdout,
          machine,
        );
      }
      boots = await bootIds({ ssh, directory });
      return undefined;
    },
  },
  {
    title: 'the data disk is mounted, and the node has the address of the lab network',
    async run({ ssh, directory, nodes }) {
      const login = { address: address(machines[0]), key: join(directory, 'id_ed25519') };
      assert.match(
        (await ssh(login, 'findmnt --noheadings --output SOURCE,FSTYPE /var/lib/longhorn')).stdout,
        /^\/dev\/vdb\s+ext4$/,
      );
      assert.deepEqual(
        (await nodes()).map(({ status }) => status.addresses[0].address),
        machines.map(address),
      );
      return undefined;
    },
  },
  {
    title: 'a second lab:up changes nothing',
    async run({ lab }) {
      const result = await lab('up');
      succeeded(result);
      assert.deepEqual(result.steps, []);
      assert.equal((await lab('plan')).exit, 0);
      return undefined;
    },
  },
  {
    title: 'a machine that was destroyed behind its back is made anew, and no other is touched',
    async run({ lab, virsh, nodes, ssh, directory }) {
      await virsh('destroy', 'rke2-lab-vmtest-s3');
      await virsh('undefine', 'rke2-lab-vmtest-s3');
      const result = await lab('up');
      succeeded(result);
      const others = result.steps.filter(
        ({ machine, title }) => machine !== 'vmtest-s3' && !title.includes('vmtest-s3'),
      );
      assert.deepEqual(others, []);
      assert.deepEqual(ready(await nodes()), machines);
      const now = await Promise.all(machines.map((name) => virsh('domuuid', `rke2-lab-${name}`)));
      assert.deepEqual(now.slice(0, 2), uuids.slice(0, 2));
      assert.notEqual(now[2], uuids[2]);
      assert.deepEqual((await bootIds({ ssh, directory })).slice(0, 2), boots.slice(0, 2));
      return `${result.changes} steps`;
    },
  },
  {
    title: 'a file of RKE2 with a wrong checksum is refused, and nothing of it is kept',
    async run({ lab, mirror, cache }) {
      await rm(cache, { recursive: true });
      mirror.spoil('rke2.linux-amd64.tar.gz');
      const { exit, errors } = await lab('up');
      assert.equal(exit, 2);
      assert.match(
        errors.map(({ message }) => message).join('\n'),
        /rke2\.linux-amd64\.tar\.gz is not what its release says: SHA-256/,
      );
      assert.deepEqual(await found(`${cache}/**/rke2.linux-amd64.tar.gz*`), []);
      mirror.spoil(undefined);
      const after = await lab('up');
      succeeded(after);
      assert.deepEqual([...new Set(after.steps.map(({ phase }) => phase))], ['fetch-rke2']);
      return undefined;
    },
  },
  {
    title: 'machines that were stopped start again as they were',
    async run({ lab, virsh, nodes }) {
      assert.equal((await lab('stop')).exit, 0);
      assert.deepEqual((await virsh('list', '--name')).trim(), '');
      const result = await lab('up');
      succeeded(result);
      assert.deepEqual(ready(await nodes()), machines);
      return `${result.changes} steps`;
    },
  },
  {
    title: "lab:down leaves no domain, disk, network or file of the lab, and what is somebody else's stays",
    async run({ lab, virsh, directory, kubeconfig }) {
      assert.equal((await lab('down')).exit, 0);
      assert.deepEqual(await names(virsh, 'list'), FOREIGN.toSorted());
      assert.deepEqual(await names(virsh, 'net-list'), []);
      // The image of the box is Vagrant's cache for all who use that box.
      const volumes = (await virsh('vol-list', 'default')).split('\n').map((line) => line.trim().split(/\s/)[0] ?? '');
      assert.deepEqual(
        volumes.filter((name) => !name.includes('_vagrant_box_image_')),
        ['rke2-lab-somebody-s1.img'],
      );
      assert.equal(existsSync(directory), false);
      assert.deepEqual(await found(join(project, '.vagrant/machines/vmtest-*')), []);
      assert.doesNotMatch(await readFile(kubeconfig, 'utf8'), /rke2-lab-vmtest/);
      assert.equal((await lab('down')).exit, 0);
      return undefined;
    },
  },
];

function succeeded({ exit, errors }: LabRun): void {
  assert.equal(exit, 0, errors.map(({ message }) => message).join('\n'));
}

async function defineForeign(virsh: World['virsh'], name: string): Promise<void> {
  const file = `/run/${name}.xml`;
  await writeFile(
    file,
    `<domain type='qemu'><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`,
  );
  await virsh('define', file);
}

async function names(virsh: World['virsh'], list: 'list' | 'net-list'): Promise<readonly string[]> {
  return (await virsh(list, '--all', '--name')).split('\n').filter(Boolean).toSorted();
}

function ready(nodes: readonly KubeObject[]): readonly string[] {
  return nodes.filter((node) => nodeTrouble(node) === undefined).map(({ metadata }) => metadata.name);
}

async function bootIds({ ssh, directory }: Pick<World, 'ssh' | 'directory'>): Promise<readonly string[]> {
  const key = join(directory, 'id_ed25519');
  return Promise.all(
    machines.map(
      async (machine) => (await ssh({ address: address(machine), key }, 'cat /proc/sys/kernel/random/boot_id')).stdout,
    ),
  );
}

async function found(pattern: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path);
  return paths;
}
