import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { HOME, KEY, type BenchMachine } from './machines.ts';
import { knownHosts } from './open-ssh.ts';

const WORK = `${HOME}/work/ansible`;
const PLAYBOOK = join(import.meta.dirname, 'playbook.yaml');

/** How Ansible is set: 'tuned' as for speed, 'default' as it comes. */
export type Tuning = 'tuned' | 'default';

const TUNED = `forks = 20
interpreter_python = /usr/bin/python3
[connection]
pipelining = True
`;

/** Inventory and settings for these machines. Connections that an earlier run kept open are not found again. */
export async function openAnsible(machines: readonly BenchMachine[], tuning: Tuning): Promise<void> {
  await rm(WORK, { recursive: true, force: true });
  await mkdir(WORK, { recursive: true });
  const known = await knownHosts(machines);
  await writeFile(
    join(WORK, 'inventory'),
    machines.map(({ name, address }) => `${name} ansible_host=${address} ansible_user=root\n`).join(''),
  );
  const ssh = `-o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${known}`;
  await writeFile(
    join(WORK, 'ansible.cfg'),
    `[defaults]
inventory = ${WORK}/inventory
private_key_file = ${KEY}
local_tmp = ${WORK}/tmp
${tuning === 'tuned' ? TUNED : ''}[ssh_connection]
ssh_args = ${ssh}
control_path_dir = ${WORK}/connections
`,
  );
}

/** ansible-playbook; returns how many tasks changed something. */
export async function runAnsible(ansible: string): Promise<number> {
  const env = { ANSIBLE_CONFIG: join(WORK, 'ansible.cfg'), LC_ALL: 'C.UTF-8' };
  const { stdout } = await execa(join(ansible, 'bin', 'ansible-playbook'), [PLAYBOOK], { env, stdin: 'ignore' });
  return [...stdout.matchAll(/ changed=(\d+) /g)].reduce((sum, [, count]) => sum + Number(count), 0);
}
