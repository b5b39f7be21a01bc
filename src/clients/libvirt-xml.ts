/** What the lab writes on its domains and networks, so that it knows them again. */
const NAMESPACE = 'urn:rke2-lab';

/** What matters of a domain. */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  /** The lab that made it, by the mark in its description; undefined = not made by one. */
  readonly lab: string | undefined;
  /** True once the lab's own key was let in: what is not ready was left half made. */
  readonly ready: boolean;
  /** MB */
  readonly memory: number;
  readonly cpus: number;
  /** Paths of the disks. */
  readonly disks: readonly string[];
}

/** What matters of a network. */
export interface Network {
  readonly name: string;
  readonly lab: string | undefined;
  /** Machines that are plugged in and run. */
  readonly connections: number;
}

export interface NewNetwork {
  readonly name: string;
  readonly lab: string;
  /** Of the operator's computer in it. */
  readonly address: string;
  readonly netmask: string;
  /** First and last address to lease; without it, no DHCP. */
  readonly leases?: { readonly first: string; readonly last: string };
  /** `nat` = with a way out; `none` = isolated. */
  readonly forward: 'nat' | 'none';
}

/** Reads what `virsh dumpxml --inactive` prints. Form: https://libvirt.org/formatdomain.html */
export function readDomain(xml: string): Domain {
  const memory = /<memory unit='KiB'>(\d+)<\/memory>/.exec(xml)?.[1];
  const cpus = /<vcpu[^>]*>(\d+)<\/vcpu>/.exec(xml)?.[1];
  if (memory === undefined || cpus === undefined)
    throw new Error(`not the description of a domain: ${xml.slice(0, 200)}`);
  return {
    name: element(xml, 'name'),
    uuid: element(xml, 'uuid'),
    lab: /<description>rke2-lab\/([a-z0-9-]+)<\/description>/.exec(xml)?.[1],
    ready: new RegExp(`xmlns:[\\w-]+=["']${NAMESPACE}["'] state=["']ready["']`).test(xml),
    memory: Number(memory) / 1024,
    cpus: Number(cpus),
    disks: [...xml.matchAll(/<disk type='file' device='disk'>.*?<\/disk>/gs)].flatMap(([disk]) => sourceOf(disk)),
  };
}

/** Reads what `virsh net-dumpxml` prints. Form: https://libvirt.org/formatnetwork.html */
export function readNetwork(xml: string): Network {
  return {
    name: element(xml, 'name'),
    lab: new RegExp(`<[\\w-]+:lab xmlns:[\\w-]+=["']${NAMESPACE}["'] name=["']([a-z0-9-]+)["']`).exec(xml)?.[1],
    connections: Number(/<network[^>]* connections='(\d+)'/.exec(xml)?.[1] ?? 0),
  };
}

/**
 * A network with the lab's mark. No spanning tree: its ports would forward nothing for seconds after a machine starts.
 * No ping of the DHCP server before a lease: three seconds for each machine.
 */
export function networkXml({ name, lab, address, netmask, leases, forward }: NewNetwork): string {
  const dhcp = leases ? `<dhcp><range start='${leases.first}' end='${leases.last}'/></dhcp>` : '';
  return `<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
  <name>${escape(name)}</name>
  <metadata><rke2-lab:lab xmlns:rke2-lab='${NAMESPACE}' name='${lab}'/></metadata>
  ${forward === 'nat' ? "<forward mode='nat'/>" : ''}
  <bridge stp='off' delay='0'/>
  <ip address='${address}' netmask='${netmask}'>${dhcp}</ip>
  ${leases ? "<dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options>" : ''}
</network>
`;
}

/** The words of `virsh` that write on a domain that it is ready. */
export function markReady(domain: string): readonly string[] {
  return ['metadata', domain, '--uri', NAMESPACE, '--key', 'rke2-lab', '--set', "<machine state='ready'/>", '--config'];
}

function element(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (text === undefined) throw new Error(`no <${name}> in: ${xml.slice(0, 200)}`);
  return unescape(text);
}

function sourceOf(disk: string): string[] {
  // A backing store has a source of its own, which is the box's.
  const own = disk.replace(/<backingStore.*<\/backingStore>/s, '');
  const file = /<source file='([^']*)'/.exec(own)?.[1];
  return file === undefined ? [] : [unescape(file)];
}

const ENTITIES = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&apos;'],
  ['"', '&quot;'],
] as const;

function escape(text: string): string {
  return ENTITIES.reduce((result, [character, entity]) => result.replaceAll(character, entity), text);
}

function unescape(text: string): string {
  return ENTITIES.toReversed().reduce((result, [character, entity]) => result.replaceAll(entity, character), text);
}
