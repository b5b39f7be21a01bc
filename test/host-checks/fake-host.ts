import type { HostWanted } from '../../src/host-checks/host-check.ts';
import type { Lab, ProvidedMachine, Result } from '../../src/lab.ts';

export const WANTED: HostWanted = {
  uri: 'qemu:///system',
  driver: 'kvm',
  pool: 'default',
  managementNetwork: { name: 'vagrant-libvirt', subnet: '192.168.121.0/24' },
  labSubnet: '192.168.123.0/24',
  memory: new Map([
    ['dev-s1', 8192],
    ['dev-s2', 8192],
  ]),
};

export const ok = (stdout = ''): Result => ({ code: 0, stdout, stderr: '' });
export const failed = (code: number, stderr = ''): Result => ({ code, stdout: '', stderr });
export const ABSENT = failed(127, 'not found');

interface Answers {
  /** By the command as typed; of virsh without `-c URI`. */
  readonly commands?: Readonly<Record<string, Result>>;
  readonly meminfo?: string;
  readonly machines?: readonly ProvidedMachine[];
}

/** A lab of which only the operator's computer answers, and only to the commands given. */
export function labOn({ commands = {}, meminfo, machines = [] }: Answers): Lab {
  const unexpected = (what: string) => () => {
    throw new Error(`the check touched ${what}`);
  };
  return {
    name: 'dev',
    directory: '/lab',
    userKubeconfig: '/home/me/.kube/config',
    clock: { now: () => 0, wait: unexpected('the clock') },
    newSecret: unexpected('the secrets'),
    machine: unexpected('a machine'),
    kube: {
      get: unexpected('the API'),
      list: unexpected('the API'),
      remove: unexpected('the API'),
      watch: unexpected('the API'),
    },
    artefacts: { find: unexpected('the cache'), fetch: unexpected('the cache') },
    provider: {
      kind: 'libvirt',
      list: async () => machines,
      owned: unexpected('the provider'),
      up: unexpected('the provider'),
      stop: unexpected('the provider'),
      remove: unexpected('the provider'),
    },
    host: {
      name: 'this computer',
      async look(argv) {
        const command = argv.join(' ').replace('virsh -c qemu:///system', 'virsh');
        const answer = commands[command];
        if (!answer) throw new Error(`unexpected command: ${command}`);
        return answer;
      },
      async readFile(path) {
        if (path !== '/proc/meminfo' || meminfo === undefined) throw new Error(`unexpected file: ${path}`);
        return { content: meminfo, mode: 0o444, owner: 'root:root' };
      },
      run: unexpected('a program that changes something'),
      writeFile: unexpected('a file'),
      removeFile: unexpected('a file'),
    },
  };
}
