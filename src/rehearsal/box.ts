import type { Config, Node } from '../config/schema.ts';
import { fileTree } from './files.ts';
import type { Disk, Link, MachineState } from './machine-state.ts';
import { baseUnits } from './units.ts';

const GB = 1024 ** 3;
const SYSTEM_DISK_BYTES = 120 * GB;
const HOSTS_MEMORY_MB = 8192;
/** Sysctls as Ubuntu 24.04 sets them. */
const SYSCTLS: Readonly<Record<string, string>> = {
  'fs.inotify.max_user_instances': '128',
  'fs.inotify.max_user_watches': '65536',
  'fs.file-max': '9223372036854775807',
  'kernel.panic': '0',
  'kernel.panic_on_oops': '0',
  'net.core.somaxconn': '4096',
  'net.ipv4.conf.all.rp_filter': '2',
  'net.ipv4.conf.default.rp_filter': '2',
  'net.ipv4.ip_forward': '0',
  'net.ipv6.conf.all.forwarding': '0',
  'vm.max_map_count': '1048576',
  'vm.overcommit_memory': '0',
  'vm.panic_on_oom': '0',
};
const PACKAGES = [
  'apparmor',
  'curl',
  'iproute2',
  'iptables',
  'multipath-tools',
  'openssh-server',
  'sudo',
  'systemd-resolved',
];

/** What makes one machine differ from another of the same box. */
interface Birth {
  readonly config: Config;
  readonly node: Node;
  readonly hostKey: string;
  /** Seconds since 1970. */
  time(): number;
}

/** A machine as the box makes it: Ubuntu 24.04, never touched. */
export function freshMachine({ config, node, hostKey, time }: Birth): MachineState {
  const machine: MachineState = {
    name: node.name,
    node,
    owner: 'lab',
    differs: [],
    running: true,
    ready: false,
    booted: false,
    boots: 0,
    hostKey,
    login: 'open',
    sudoNeedsPassword: false,
    files: fileTree('root:root', () => time() + machine.skew),
    links: linksOf(config, node),
    disks: disksOf(node),
    diskSize: SYSTEM_DISK_BYTES,
    skew: 0,
    sysctls: new Map(Object.entries(SYSCTLS)),
    packages: new Set(PACKAGES),
    units: baseUnits(),
    journal: new Map(),
    listeners: new Map(),
    users: new Set(['root', 'ubuntu']),
    rke2: undefined,
  };
  writeSystemFiles(machine);
  return machine;
}

/** The kernel's settings of a fresh boot. */
export function resetSysctls(machine: MachineState): void {
  for (const [key, value] of Object.entries(SYSCTLS)) machine.sysctls.set(key, value);
}

function linksOf({ machines, features }: Config, node: Node): readonly Link[] {
  const lo = { name: 'lo', address: '127.0.0.1', prefix: 8 };
  const lab = {
    name: machines.provider === 'hosts' ? 'eth0' : machines.network.interface,
    address: node.address,
    prefix: 24,
  };
  const last = Number(node.address.split('.').at(-1));
  const management = machines.libvirt.managementNetwork.subnet.replace(/\d+\/\d+$/, String(last));
  const others = features.cilium.devices.filter((name) => name !== lab.name);
  return [
    lo,
    ...others.map((name, index) => ({
      name,
      address: index === 0 ? management : `172.31.${index}.${last}`,
      prefix: 24,
    })),
    lab,
  ];
}

function disksOf(node: Node): Disk[] {
  const root: Disk = {
    name: 'vda1',
    type: 'part',
    size: SYSTEM_DISK_BYTES,
    fstype: 'ext4',
    label: 'root',
    mountpoint: '/',
    children: [],
  };
  const system: Disk = {
    name: 'vda',
    type: 'disk',
    size: SYSTEM_DISK_BYTES,
    fstype: null,
    label: null,
    mountpoint: null,
    children: [root],
  };
  const data: Disk = {
    name: 'vdb',
    type: 'disk',
    size: node.dataDisk * GB,
    fstype: null,
    label: null,
    mountpoint: null,
    children: [],
  };
  return node.dataDisk > 0 ? [system, data] : [system];
}

function writeSystemFiles({ files, name, node }: MachineState): void {
  files.write('/etc/hostname', { content: `${name}\n` });
  files.write('/etc/hosts', { content: `127.0.0.1 localhost\n127.0.1.1 ${name}\n` });
  files.write('/etc/fstab', { content: 'LABEL=root / ext4 discard,errors=remount-ro 0 1\n' });
  files.write('/etc/os-release', { content: 'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nID=ubuntu\nVERSION_ID="24.04"\n' });
  files.write('/etc/multipath.conf', { content: 'defaults {\n    user_friendly_names yes\n}\n' });
  files.write('/run/systemd/resolve/stub-resolv.conf', {
    content: 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n',
  });
  files.write('/run/systemd/resolve/resolv.conf', { content: 'nameserver 192.168.121.1\nsearch .\n' });
  files.link('../run/systemd/resolve/stub-resolv.conf', '/etc/resolv.conf');
  const memory = (node.memory || HOSTS_MEMORY_MB) * 1024;
  files.write('/proc/meminfo', { content: `MemTotal: ${memory} kB\nMemAvailable: ${Math.floor(memory * 0.9)} kB\n` });
  files.makeFolder('/usr/local/bin');
  files.makeFolder('/var/lib');
}
