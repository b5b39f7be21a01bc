import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { Benchmark, Measured } from './benchmark.ts';

const RUNS = 5;
const MACHINES = [3, 20];
const NSPAWN = join(import.meta.dirname, 'nspawn');
const INSIDE = join(import.meta.dirname, 'prepare-nodes', 'inside.ts');
/** Program and the Debian package that has it. */
const NEEDED = {
  'systemd-nspawn': 'systemd-container',
  debootstrap: 'debootstrap',
  ip: 'iproute2',
  ssh: 'openssh-client',
  python3: 'python3-venv',
};

/** Phase prepare-nodes on real machines, against Ansible that does the same. */
export const prepareNodes: Benchmark = {
  name: 'prepare-nodes',
  title: 'prepare-nodes over SSH, on machines with systemd and sshd (systemd-nspawn)',
  async obstacle() {
    if (process.platform !== 'linux') return 'systemd-nspawn is a program of Linux';
    if (process.getuid?.() !== 0) return 'it needs root, for systemd-nspawn and namespaces: sudo npm run bench';
    const found = await Promise.all(Object.keys(NEEDED).map(isProgram));
    const missing = Object.values(NEEDED).filter((_, index) => !found[index]);
    return missing.length === 0 ? undefined : `packages are missing: apt-get install ${missing.join(' ')}`;
  },
  async measure({ runs = RUNS, machines = MACHINES, say }) {
    const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rke2-lab', 'bench');
    const root = join(cache, 'root');
    const ansible = join(cache, 'ansible');
    say("prepare-nodes: the machines' root (made once, takes minutes) and ansible-core");
    await Promise.all([execa(join(NSPAWN, 'root.sh'), [root]), installAnsible(ansible)]);
    const wanted = JSON.stringify({ root, ansible, runs, machines });
    const { stdout } = await execa(join(NSPAWN, 'enclosed.sh'), [process.execPath, INSIDE, wanted], {
      stdin: 'ignore',
      stderr: 'inherit',
    });
    const measured: Measured = JSON.parse(stdout);
    return measured;
  },
};

async function installAnsible(folder: string): Promise<void> {
  if (await isExecutable(join(folder, 'bin', 'ansible-playbook'))) return;
  await execa('python3', ['-m', 'venv', folder]);
  await execa(join(folder, 'bin', 'pip'), ['install', '-q', 'ansible-core']);
}

async function isProgram(name: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return (await Promise.all(folders.map((folder) => isExecutable(join(folder, name))))).includes(true);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
