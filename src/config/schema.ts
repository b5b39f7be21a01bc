import { z } from 'zod';

/** A name for machines and labs: what a DNS label and a libvirt domain both take. */
const label = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/, 'expected 1 to 20 lower-case letters, digits and dashes, a letter first');
const cidr = z.cidrv4('expected an IPv4 subnet such as 192.168.123.0/24');
const address = z.ipv4('expected an IPv4 address');
const range = z
  .string()
  .regex(
    /^\d{1,3}(\.\d{1,3}){3}-\d{1,3}(\.\d{1,3}){3}$/,
    'expected two addresses with a dash, such as 192.168.123.220-192.168.123.250',
  );
const quantity = z.string().regex(/^[1-9]\d*(Mi|Gi|Ti)$/, 'expected a size such as 512Mi or 1Gi');
const port = z.int().min(1).max(65535);
const flag = (preset: boolean) => z.strictObject({ enabled: z.boolean().default(preset) }).prefault({});

const machineSize = z.strictObject({
  count: z.int().min(0).max(100),
  /** Virtual processors. RKE2 asks for 2 at the least, 4 is advised. */
  cpus: z.int().min(1).max(256).default(4),
  /** MB. RKE2 asks for 4096 at the least, 8192 is advised. */
  memory: z.int().min(256).default(8192),
  /** GB of a second, empty disk for the storage provider; 0 = none. */
  dataDisk: z.int().min(0).default(0),
});

const noAgents = { count: 0 };

/** The sizes that need no entry in `machines.sizes`. The Vagrantfile reads them in config.schema.json, as the example. */
const sizesWithoutEntry = {
  dev: { servers: { count: 1, dataDisk: 50 } },
  staging: { servers: { count: 3 } },
  prod: { servers: { count: 3 }, agents: { count: 3, dataDisk: 100 } },
};

const sizes = z.record(label, z.strictObject({ servers: machineSize, agents: machineSize.prefault(noAgents) })).meta({
  description: 'Named sizes beside dev, staging and prod; an entry of the same name replaces one.',
  examples: [sizesWithoutEntry],
});

/** dev, staging and prod. */
export const builtInSizes = sizes.parse(sizesWithoutEntry);

const host = z.strictObject({
  name: label,
  role: z.enum(['server', 'agent']),
  address,
  port: port.default(22),
  user: z.string().min(1).default('root'),
  key: z.string().optional().describe("Path of the private key; without it the lab's own."),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected a fingerprint as `ssh-keygen -lf` prints it, SHA256:…')
    .optional()
    .describe("Fingerprint of the machine's key; without it, ~/.ssh/known_hosts must know the machine."),
});

const machines = z.strictObject({
  provider: z
    .enum(['auto', 'libvirt', 'nspawn', 'hosts'])
    .default('auto')
    .describe(
      'libvirt = virtual machines; nspawn = containers with a systemd of their own, which need root but no KVM; hosts = machines that exist already; auto = libvirt where this computer offers KVM, else nspawn.',
    ),
  size: label
    .default('dev')
    .describe('dev (1 server), staging (3 servers), prod (3 servers, 3 agents), or one of `sizes`.'),
  sizes: sizes.prefault({}),
  network: z
    .strictObject({
      subnet: cidr.default('192.168.123.0/24').describe('Subnet of the lab network; not the management network.'),
      interface: z.string().min(1).default('eth1').describe('Its interface in the machines.'),
      firstServer: z.int().min(2).max(250).default(50).describe('Last part of the address of server 1.'),
      firstAgent: z.int().min(2).max(250).default(60).describe('Last part of the address of agent 1.'),
    })
    .prefault({}),
  box: z
    .strictObject({
      name: z.string().min(1).default('cloud-image/ubuntu-24.04'),
      version: z
        .string()
        .min(1)
        .default('20250805.0.0')
        .describe('Exact version of the box; `0` for a box added from a file.'),
      url: z.string().optional().describe('Where to get the box, for one of your own.'),
    })
    .prefault({}),
  libvirt: z
    .strictObject({
      uri: z.string().min(1).default('qemu:///system'),
      driver: z
        .enum(['kvm', 'qemu'])
        .default('kvm')
        .describe('qemu = software emulation, for a computer without KVM; very slow.'),
      cpuMode: z
        .string()
        .optional()
        .describe('host-model, host-passthrough, maximum …; unset = the default of the box or plug-in.'),
      pool: z.string().min(1).default('default').describe('Storage pool of the disks.'),
      managementNetwork: z
        .strictObject({
          name: z.string().min(1).default('vagrant-libvirt'),
          subnet: cidr.default('192.168.121.0/24'),
        })
        .prefault({}),
      bootTimeout: z.int().min(30).default(600).describe('Seconds for a machine to answer over SSH.'),
    })
    .prefault({}),
  nspawn: z
    .strictObject({
      suite: z
        .string()
        .regex(/^[a-z]+$/, 'expected the name of a Debian release such as bookworm')
        .default('bookworm')
        .describe('Debian release of the machines.'),
      mirror: z.url().optional().describe('Where to get its packages; unset = where apt gets them here.'),
      packages: z
        .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, 'expected the name of a Debian package'))
        .default([])
        .describe('More packages for the machines.'),
      managementSubnet: cidr.default('192.168.124.0/24').describe('Subnet of eth0, their way out.'),
    })
    .prefault({}),
  hosts: z.array(host).default([]).describe('For provider hosts: machines that exist already.'),
});

const rke2 = z.strictObject({
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+(-rc\d+)?\+rke2r\d+$/, 'expected an exact RKE2 version such as v1.36.4+rke2r1')
    .default('v1.36.4+rke2r1')
    .describe('Exact version. A channel is never resolved behind your back.'),
  ciliumChart: z
    .string()
    .regex(/^\d+\.\d+\.\d{3,4}$/, 'expected a chart version such as 1.19.601 (= Cilium 1.19.6, revision 01)')
    .optional()
    .describe('Version of the rke2-cilium chart in that RKE2; known for the versions in src/config/rke2-releases.ts.'),
  mirror: z
    .url()
    .default('https://github.com/rancher/rke2/releases/download')
    .describe('Where <version>/rke2.linux-amd64.tar.gz and its checksums are.'),
  architecture: z.enum(['amd64', 'arm64']).default('amd64'),
  images: z
    .enum(['preload', 'pull'])
    .default('preload')
    .describe('preload = image archives downloaded once and copied to the machines; pull = each machine pulls.'),
  profile: z.enum(['none', 'cis']).default('none'),
  clusterCidr: cidr.default('10.42.0.0/16'),
  serviceCidr: cidr.default('10.43.0.0/16'),
  tlsSan: z.array(z.string().min(1)).default([]).describe('More names and addresses for the certificate of the API.'),
});

const git = z.strictObject({
  url: z.string().default(''),
  revision: z.string().min(1).default('HEAD'),
  source: z.enum(['remote', 'working-tree']).default('working-tree'),
});

const loadBalancer = z.strictObject({
  enabled: z.boolean().default(true),
  provider: z.enum(['metallb', 'cilium']).default('cilium'),
  pools: z
    .strictObject({ default: z.strictObject({ range: range.default('192.168.123.220-192.168.123.250') }).prefault({}) })
    .prefault({}),
  staticIPs: z
    .strictObject({ kubernetesApi: address.optional(), externalDns: address.optional(), gateway: address.optional() })
    .prefault({})
    .describe('Addresses that only their own service gets.'),
  interfaces: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Where addresses are announced; unset = machines.network.interface.'),
});

const cilium = z.strictObject({
  devices: z.array(z.string().min(1)).min(1).default(['eth0', 'eth1']).describe('Interfaces that Cilium attaches to.'),
  monitoring: z
    .strictObject({
      enabled: z.boolean().default(true),
      bpfSyscalls: z
        .boolean()
        .default(false)
        .describe('Export cilium_bpf_syscall_duration_seconds; costs some CPU in each agent.'),
    })
    .prefault({}),
  egressPolicy: flag(true),
  ingressPolicy: flag(true),
  defaultDenyPodIngress: flag(true),
  hostFirewall: flag(true),
  mutualAuth: z
    .strictObject({
      enabled: z.boolean().default(true),
      port: port.default(4250),
      spire: z
        .strictObject({
          dataStorage: z
            .strictObject({ enabled: z.boolean().default(true), size: quantity.default('1Gi') })
            .prefault({})
            .describe('Moved to a volume by migrate-spire once there is storage; off at bootstrap whatever this says.'),
        })
        .prefault({}),
    })
    .prefault({}),
  encryption: z
    .strictObject({
      enabled: z.boolean().default(true),
      type: z.enum(['wireguard', 'ipsec']).default('wireguard'),
      nodeEncryption: z
        .boolean()
        .default(false)
        .describe('Deprecated upstream, and it skips servers unless told otherwise.'),
      strictMode: flag(false),
    })
    .prefault({}),
  loadBalancer: z
    .strictObject({
      mode: z.enum(['snat', 'dsr', 'hybrid']).default('dsr'),
      algorithm: z.enum(['random', 'maglev']).default('maglev'),
      acceleration: z.enum(['disabled', 'best-effort', 'native']).default('disabled'),
    })
    .prefault({}),
  failurePolicy: z
    .enum(['abort', 'retry'])
    .default('abort')
    .describe(
      'What helm-controller does when an upgrade of Cilium fails. Never reinstall: that takes the network away.',
    ),
  values: z.record(z.string(), z.unknown()).default({}).describe('Chart values merged over ours, last word yours.'),
});

const storage = z.strictObject({
  enabled: z.boolean().default(true),
  provider: z.enum(['rook', 'longhorn', 'external']).default('longhorn'),
  class: z.string().min(1).default('longhorn'),
});

/** config.yaml: the only file that an operator edits. This schema is its documentation; `npm run docs` makes config.schema.json of it. */
export const configSchema = z.strictObject({
  lab: z.strictObject({ name: label.default('dev'), domain: z.string().min(1).default('k8s.lan') }).prefault({}),
  machines: machines.prefault({}),
  rke2: rke2.prefault({}),
  git: git.prefault({}),
  features: z
    .strictObject({
      loadBalancer: loadBalancer.prefault({}),
      cilium: cilium.prefault({}),
      storage: storage.prefault({}),
    })
    .prefault({}),
});

/** What the file says, defaults filled in. */
export type Settings = z.output<typeof configSchema>;

/** A machine that the lab wants. */
export interface Node {
  readonly name: string;
  readonly role: 'server' | 'agent';
  /** Address in the lab network: node-ip, and where SSH goes. */
  readonly address: string;
  /** SSH. */
  readonly port: number;
  readonly user: string;
  /** Private key on the operator's computer; undefined = the lab's own. */
  readonly key?: string;
  readonly hostKey?: string;
  /** Of libvirt machines; 0 for machines that exist already. */
  readonly cpus: number;
  /** MB */
  readonly memory: number;
  /** GB */
  readonly dataDisk: number;
}

/** The bundled chart and what it brings. */
export interface CiliumVersion {
  /** `1.19.601` */
  readonly chart: string;
  /** `1.19.6` */
  readonly version: string;
  /** 19 of 1.19 */
  readonly minor: number;
}

/** config.yaml read, checked and completed: all that the rest of the program knows of it. */
export interface Config extends Settings {
  /** Absolute path of config.yaml. */
  readonly file: string;
  /** Servers first, in the order of joining. */
  readonly nodes: readonly Node[];
  readonly cilium: CiliumVersion;
}
