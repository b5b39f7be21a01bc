import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseConfig } from '../../src/config/load.ts';
import { project } from './project.ts';

/** Configurations that use every key that the Vagrantfile reads, given and left out. */
const configs = [
  '',
  'machines: { size: staging }',
  'lab: { name: big }\nmachines: { size: prod, network: { subnet: 10.7.0.0/16, firstServer: 20, firstAgent: 100 } }\nfeatures: { loadBalancer: { pools: { default: { range: 10.7.1.1-10.7.1.9 } } } }',
  'lab: { name: own }\nmachines:\n  size: mine\n  sizes:\n    mine: { servers: { count: 1, cpus: 2, memory: 4096 }, agents: { count: 2, dataDisk: 20 } }',
  'machines:\n  sizes: { dev: { servers: { count: 3, memory: 4096, dataDisk: 5 } } }\n  libvirt: { pool: fast, driver: qemu, cpuMode: maximum }',
  'machines:\n  provider: hosts\n  hosts: [{ name: one, role: server, address: 192.168.123.5 }]',
] as const;

/** Throws where the Vagrantfile and the program do not see the same machines, or Vagrant finds a fault in it. */
export async function compareVagrantfile(folder: string): Promise<string> {
  let machines = 0;
  for (const [index, text] of configs.entries()) {
    const file = join(folder, `compared-${index}.yaml`);
    await writeFile(file, text);
    const config = parseConfig(text, file);
    // Vagrant makes folders for every machine that it sees.
    const env = { RKE2_LAB_CONFIG: file, VAGRANT_DOTFILE_PATH: join(folder, 'vagrant') };
    const { stdout } = await execa('ruby', [join(import.meta.dirname, 'resolved.rb'), join(project, 'Vagrantfile')], {
      env,
    });
    const resolved = JSON.parse(stdout);
    const virtual = config.machines.provider === 'hosts' ? [] : config.nodes;
    const expected = virtual.map(({ name, address, cpus, memory, dataDisk }) => ({
      name,
      address,
      cpus,
      memory,
      dataDisk: dataDisk > 0 ? `${dataDisk}G` : '',
    }));
    assert.deepEqual((resolved.machines ?? []).map(seen), expected, text);
    const { box, libvirt } = config.machines;
    const common = { box: box.name, version: box.version, timeout: libvirt.bootTimeout };
    assert.deepEqual(
      { box: resolved.box, version: resolved.box_version, timeout: resolved.boot_timeout },
      common,
      text,
    );
    for (const machine of resolved.machines ?? []) {
      assert.equal(machine.storage_pool_name, libvirt.pool);
      assert.equal(machine.description, `rke2-lab/${config.lab.name}`);
      assert.equal(machine.management_network_name, libvirt.managementNetwork.name);
      assert.equal(machine.cpu_mode, libvirt.cpuMode);
    }
    await execa('vagrant', ['validate'], { env, cwd: project });
    machines += expected.length;
  }
  return `${configs.length} configurations, ${machines} machines`;
}

// oxlint-disable-next-line typescript/no-explicit-any -- what resolved.rb prints
function seen({ name, network, cpus, memory, storage }: any) {
  return { name, address: network.ip, cpus, memory, dataDisk: storage?.size ?? '' };
}
