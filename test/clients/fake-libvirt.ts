import { domainName } from '../../src/clients/libvirt-names.ts';
import type { LibvirtTools } from '../../src/clients/libvirt-tools.ts';
import { readNetwork, type Domain, type Network } from '../../src/clients/libvirt-xml.ts';
import type { Config } from '../../src/config/schema.ts';
import { LabError } from '../../src/engine/errors.ts';

type FakeDomain = Domain & { state: 'running' | 'paused' | 'off' };
type FakeNetwork = Network & { active: boolean };

/** libvirt and Vagrant in memory; strict: what they would refuse is refused, what is unknown is a bug. */
export interface FakeLibvirt extends LibvirtTools {
  readonly domainsByName: Map<string, FakeDomain>;
  readonly networksByName: Map<string, FakeNetwork>;
  /** Names, of the pool `default`. */
  readonly volumeNames: Set<string>;
  /** UUIDs that Vagrant believes in, by machine. */
  readonly links: Map<string, string>;
  /** Changes, one a line. */
  readonly changes: string[];
  /** Machines that Vagrant fails to make. */
  readonly failing: Set<string>;
  readonly adopted: string[];
}

export const POOL = '/var/lib/libvirt/images';

export function fakeDomain(name: string, domain: Partial<FakeDomain> = {}): [string, FakeDomain] {
  const rest = {
    uuid: `uuid of ${name}`,
    lab: undefined,
    ready: false,
    memory: 8192,
    cpus: 4,
    disks: [],
    state: 'running' as const,
  };
  return [name, { name, ...rest, ...domain }];
}

export function fakeLibvirt(config: Config): FakeLibvirt {
  const domainsByName = new Map<string, FakeDomain>();
  const networksByName = new Map<string, FakeNetwork>();
  const volumeNames = new Set<string>();
  const links = new Map<string, string>();
  const changes: string[] = [];
  const failing = new Set<string>();
  const adopted: string[] = [];
  let made = 0;

  const theDomain = (name: string) => domainsByName.get(name) ?? missing(`domain ${name}`);
  const theNetwork = (name: string) => networksByName.get(name) ?? missing(`network ${name}`);
  const verbs: Readonly<Record<string, (name: string, ...more: string[]) => unknown>> = {
    destroy: (name) => (theDomain(name).state = 'off'),
    undefine: (name) => {
      if (theDomain(name).state !== 'off') throw new Error(`${name} is active`);
      domainsByName.delete(name);
    },
    metadata: (name) => Object.assign(theDomain(name), { ready: true }),
    'vol-delete': (path) => volumeNames.delete(path.replace(`${POOL}/`, '')) || missing(path),
    'net-start': (name) => (theNetwork(name).active = true),
    'net-autostart': theNetwork,
    'net-destroy': (name) => (theNetwork(name).active = false),
    'net-undefine': (name) => networksByName.delete(name) || missing(name),
  };
  const remove = (machine: string) => {
    domainsByName.delete(domainName(machine));
    for (const volume of volumeNames) if (volume.startsWith(domainName(machine))) volumeNames.delete(volume);
    links.delete(machine);
  };
  const make = (machine: string) => {
    const node = config.nodes.find(({ name }) => name === machine) ?? missing(machine);
    const name = domainName(machine);
    if (domainsByName.has(name) || volumeNames.has(`${name}.img`)) throw new LabError(`${name} exists already`, 'none');
    const volumes = [`${name}.img`, ...(node.dataDisk > 0 ? [`${name}-vdb.qcow2`] : [])];
    for (const volume of volumes) volumeNames.add(volume);
    made += 1;
    const { memory, cpus } = node;
    const disks = volumes.map((volume) => `${POOL}/${volume}`);
    domainsByName.set(...fakeDomain(name, { uuid: `made-${made}`, lab: config.lab.name, memory, cpus, disks }));
    links.set(machine, `made-${made}`);
  };

  return {
    ...{ domainsByName, networksByName, volumeNames, links, changes, failing, adopted },
    virsh: {
      domains: async (which) =>
        namesOf(
          domainsByName,
          ({ state }) => which === 'all' || state === 'running' || (which === 'active' && state === 'paused'),
        ),
      domain: async (name) => domainsByName.get(name),
      networks: async (which) => namesOf(networksByName, ({ active }) => which === 'all' || active),
      network: async (name) => networksByName.get(name),
      volumes: async (pool) =>
        pool === 'default' ? [...volumeNames].map((name) => ({ name, path: `${POOL}/${name}` })) : [],
      async run([verb = '', name = '', ...more]) {
        changes.push(`${verb} ${name}`);
        (verbs[verb] ?? missing(verb))(name, ...more);
      },
      async defineNetwork(xml) {
        const network = readNetwork(xml);
        changes.push(`net-define ${network.name}`);
        networksByName.set(network.name, { ...network, active: false });
      },
    },
    vagrant: {
      async up(names) {
        changes.push(`vagrant up ${names.join(' ')}`);
        for (const { active } of networksByName.values()) if (!active) throw new Error('a network is not active');
        const working = names.filter((name) => !failing.has(name));
        for (const name of working) {
          const domain = domainsByName.get(domainName(name));
          if (domain && links.get(name) === domain.uuid) domain.state = 'running';
          else make(name);
        }
        const error = working.length < names.length ? new LabError('could not make some', 'look') : undefined;
        return { done: new Set(working), error };
      },
      async halt(names) {
        changes.push(`vagrant halt ${names.join(' ')}`);
        for (const name of names) theDomain(domainName(name)).state = 'off';
      },
      async destroy(names) {
        changes.push(`vagrant destroy ${names.join(' ')}`);
        names.forEach(remove);
      },
    },
    folder: {
      uuid: async (machine) => links.get(machine),
      link: async (machine, uuid) => void links.set(machine, uuid),
      forget: async (machine) => void links.delete(machine),
    },
    adopt: async ({ name }) => void adopted.push(name),
  };
}

function namesOf<T>(things: ReadonlyMap<string, T>, wanted: (thing: T) => boolean): ReadonlySet<string> {
  return new Set([...things].filter(([, thing]) => wanted(thing)).map(([name]) => name));
}

function missing(what: string): never {
  throw new Error(`the fake libvirt has no ${what}`);
}
