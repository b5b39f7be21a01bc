import type { Config } from '../config/schema.ts';
import { fileTree, type FileTree } from './files.ts';

const GB = 1024 ** 3;
/** kB, as /proc/meminfo counts. */
const SPARE_MEMORY_KB = 16 * 1024 * 1024;

/** A libvirt network. */
export interface LibvirtNetwork {
  readonly name: string;
  active: boolean;
  readonly bridge: string;
  /** First address with prefix length, the host's own: `192.168.123.1/24`. */
  readonly address: string;
  /** Made by this lab. */
  readonly owned: boolean;
}

/** A storage pool. */
export interface LibvirtPool {
  readonly name: string;
  active: boolean;
  readonly path: string;
}

/** The operator's computer as it really is. */
export interface HostState {
  readonly user: string;
  readonly uid: number;
  readonly home: string;
  readonly files: FileTree;
  kvm: 'usable' | 'not-writable' | 'absent';
  /** `2.4.9`; undefined = not installed. */
  vagrant: string | undefined;
  /** Vagrant plug-ins by name. */
  readonly plugins: Map<string, string>;
  /** Version of the libvirt daemon; undefined = not reachable. */
  libvirt: string | undefined;
  readonly networks: LibvirtNetwork[];
  readonly pools: LibvirtPool[];
  /** Names of domains that are not the lab's. */
  readonly foreignDomains: string[];
  /** Networks that the kernel reaches: destination and device. */
  readonly routes: { readonly dst: string; readonly dev: string; readonly gateway?: string }[];
  /** Bytes left where images and the cache are. */
  diskLeft: number;
}

/** A workstation that has all that the lab of config.yaml needs. */
export function goodHost(config: Config, time: () => number): HostState {
  const home = '/home/operator';
  const files = fileTree('operator:operator', time);
  files.makeFolder(home);
  files.makeFolder('/var/lib/libvirt/images');
  const needed = config.nodes.reduce((sum, { memory }) => sum + memory * 1024, 0);
  const disk = config.nodes.reduce((sum, { dataDisk }) => sum + dataDisk * GB, 0);
  writeMeminfo(files, needed + SPARE_MEMORY_KB);
  files.write('/sys/fs/cgroup/cgroup.controllers', { content: 'cpuset cpu io memory hugetlb pids rdma misc\n' });
  files.write('/proc/sys/fs/inotify/max_user_instances', { content: '8192\n' });
  return {
    user: 'operator',
    // Machines of systemd-nspawn are made by root.
    uid: config.machines.provider === 'nspawn' ? 0 : 1000,
    home,
    files,
    kvm: 'usable',
    vagrant: '2.4.9',
    plugins: new Map([['vagrant-libvirt', '0.12.2']]),
    libvirt: '10.0.0',
    networks: [{ name: 'default', active: true, bridge: 'virbr0', address: '192.168.122.1/24', owned: false }],
    pools: [{ name: config.machines.libvirt.pool, active: true, path: '/var/lib/libvirt/images' }],
    foreignDomains: [],
    routes: [
      { dst: 'default', gateway: '10.20.30.1', dev: 'enp1s0' },
      { dst: '10.20.30.0/24', dev: 'enp1s0' },
      { dst: '192.168.122.0/24', dev: 'virbr0' },
    ],
    diskLeft: disk + (100 + 50 * config.nodes.length) * GB,
  };
}

/** What the kernel says of the host's memory. */
export function writeMeminfo(files: FileTree, availableKb: number): void {
  const lines = [
    `MemTotal: ${availableKb + 2 * 1024 * 1024} kB`,
    `MemFree: ${availableKb} kB`,
    `MemAvailable: ${availableKb} kB`,
  ];
  files.write('/proc/meminfo', { content: lines.map((line) => `${line.replace(': ', ':       ')}\n`).join('') });
}
