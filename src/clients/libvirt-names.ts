/** How the lab's things are called in libvirt. The Vagrantfile and the plug-in vagrant-libvirt give these names. */
const PREFIX = 'rke2-lab-';

/** `dev-s1` is `rke2-lab-dev-s1` there, so that nobody else is likely to have the name. */
export function domainName(machine: string): string {
  return `${PREFIX}${machine}`;
}

/** The machine of a domain; a domain that somebody renamed keeps its name. */
export function machineName(domain: string): string {
  return domain.startsWith(PREFIX) ? domain.slice(PREFIX.length) : domain;
}

export function networkName(lab: string): string {
  return `${PREFIX}${lab}`;
}

/**
 * The machine of a disk: `rke2-lab-dev-s1.img` (the box's, written to from here) and `rke2-lab-dev-s1-vdb.qcow2` (data) are
 * dev-s1's. undefined for others, the images of boxes among them. libvirt has no place for a mark on a disk: the name is it.
 */
export function machineOfVolume(volume: string, lab: string): string | undefined {
  const [, machine, owner] = /^rke2-lab-((.+)-[sa]\d+)(?:(?:_\d+)?\.img|-vd[a-z]\.qcow2)$/.exec(volume) ?? [];
  return owner === lab ? machine : undefined;
}
