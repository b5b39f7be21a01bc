import type { Machine } from '../lab.ts';
import { fileSteps, type Aspect } from './aspect.ts';

const FILE = '/etc/sysctl.d/90-rke2-lab.conf';

/** Kernel settings; the values of a Kubernetes node with many pods. https://docs.rke2.io/install/requirements */
const SYSCTLS: Readonly<Record<string, string>> = {
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
  'net.ipv4.ip_forward': '1',
};

/** NODE_INOTIFY_LOW: the default of 128 inotify instances is used up by a few pods that follow logs. */
export const sysctls: Aspect<unknown> = async (machine) => {
  const [file, wrong] = await Promise.all([fileSteps(machine, FILE, text()), wrongValues(machine)]);
  if (file.length > 0) return file;
  if (wrong.length === 0) return [];
  return [
    {
      title: `set ${wrong.join(', ')} on ${machine.name}`,
      run: (signal) => machine.run(['sysctl', '-p', FILE], { signal }),
    },
  ];
};

function text(): string {
  return Object.entries(SYSCTLS)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

async function wrongValues(machine: Machine): Promise<readonly string[]> {
  const keys = Object.keys(SYSCTLS);
  const { stdout } = await machine.look(['sysctl', '-n', ...keys]);
  const values = stdout.trim().split('\n');
  return keys.filter((key, index) => values[index]?.trim() !== SYSCTLS[key]);
}
