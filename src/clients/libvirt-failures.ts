import { LabError } from '../engine/errors.ts';
import { lastLines } from './command-failed.ts';

/** A known way for Vagrant, its plug-in or libvirt to fail. */
interface KnownFailure {
  readonly id: string;
  readonly says: RegExp;
  readonly cause: string;
  readonly fix: string;
}

/** The first that matches is the cause: the particular before the general. */
const knownFailures: readonly KnownFailure[] = [
  {
    id: 'HOST_PLUGIN_BROKEN',
    says: /failed to initialize correctly|plugins failed to load|provider 'libvirt' could not be found|cannot load such file|incompatible library version|LoadError/,
    cause: 'the plug-in vagrant-libvirt is missing, or was made for another Vagrant or Ruby',
    fix: 'vagrant plugin list   # then install the package vagrant-libvirt of the same source as vagrant, or: vagrant plugin repair',
  },
  {
    id: 'HOST_LIBVIRT_SOCKET',
    says: /[Ff]ailed to connect (socket|to the hypervisor)|Error while connecting to [Ll]ibvirt|authentication unavailable/,
    cause: 'libvirt does not answer, or this user may not talk to it',
    fix: 'sudo systemctl enable --now libvirtd && sudo usermod -aG libvirt "$USER"   # then log in again',
  },
  {
    id: 'HOST_KVM_UNAVAILABLE',
    says: /KVM kernel module|failed to initialize kvm|does not support virt type 'kvm'|CPU mode 'host-\w+' .*not supported|CPU is incompatible with host CPU/i,
    cause: 'this computer offers no KVM to libvirt, or not with that CPU',
    fix: 'sudo modprobe kvm_intel || sudo modprobe kvm_amd   # or, slow, set machines.libvirt.driver: qemu in config.yaml',
  },
  {
    id: 'HOST_POOL_MISSING',
    says: /No usable storage pool found|[Ss]torage pool not found|failed to get pool|storage pool '.*' is not active|creating Libvirt storage pool/,
    cause: 'the storage pool of config.yaml (machines.libvirt.pool) is missing or stopped',
    fix: 'virsh pool-list --all   # start it: virsh pool-start POOL; make it: virsh pool-define-as POOL dir --target /var/lib/libvirt/images',
  },
  {
    id: 'HOST_SUBNET_CLASH',
    says: /already in use by interface|does not match with network name|bridge name '.*' already in use/,
    cause: 'the subnet of the lab or of the management network is taken on this computer',
    fix: 'ip -4 route   # then choose a free machines.network.subnet in config.yaml',
  },
  {
    id: 'HOST_ORPHAN_DOMAIN',
    says: /Volume for domain is already created|domain about to create is already taken|storage volume '.*' exists already|domain '.*' already exists/,
    cause: 'a domain or disk of the same name is there already, and it is not known as a machine of this lab',
    fix: 'virsh list --all; virsh vol-list POOL   # remove what is yours, or choose another lab.name in config.yaml',
  },
  {
    id: 'HOST_PARALLEL_RACE',
    says: /network '.*' already exists|locked by another|is already executing an action on the machine|lock is being held by another instance/,
    cause: 'another Vagrant works on the same machines or networks right now',
    fix: 'wait for it to end, then run this command again',
  },
  {
    id: 'HOST_NET_INACTIVE',
    says: /network '.*' is not active|[Nn]etwork not found|failed to get network|Network .* is not available|Error while activating network/,
    cause: 'a libvirt network is missing or stopped',
    fix: 'virsh net-list --all   # then: virsh net-start NETWORK',
  },
  {
    id: 'HOST_DISK_FULL',
    says: /No space left on device/,
    cause: 'the disk of the storage pool or of the Vagrant boxes is full',
    fix: 'df -h /var/lib/libvirt/images ~/.vagrant.d   # make room, then run this command again',
  },
  {
    id: 'HOST_MEMORY_SHORT',
    says: /Cannot allocate memory|cannot set up guest memory/,
    cause: 'this computer has too little free memory for the machines',
    fix: 'free -m   # choose a smaller machines.size in config.yaml',
  },
  {
    id: 'BOX_NO_PROVIDER',
    says: /box you're attempting to add doesn't support the provider/,
    cause: 'the box has no edition for libvirt on this processor',
    fix: 'choose another machines.box.name in config.yaml, with a libvirt edition',
  },
  {
    id: 'BOX_NO_VERSION',
    says: /box you're attempting to add has no available version/,
    cause: 'there is no such version of the box, for libvirt on this processor',
    fix: 'correct machines.box.version in config.yaml',
  },
  {
    id: 'BOX_HOST_DOWN',
    says: /box '.*' could not be found or|error occurred while downloading the remote file/,
    cause: 'the box is in no catalogue that answers: the name is wrong, or the server or the way to it is down',
    fix: 'correct machines.box in config.yaml, or fetch it by hand: vagrant box add NAME --provider libvirt',
  },
  {
    id: 'VM_BOOT_SLOW',
    says: /Timed out while waiting for the machine to boot/,
    cause: 'a machine has an address but did not answer over SSH in machines.libvirt.bootTimeout seconds',
    fix: 'virsh console MACHINE   # or raise machines.libvirt.bootTimeout in config.yaml',
  },
  {
    id: 'VM_NO_IP',
    says: /No IP address found|Waiting for domain to get an IP address\.*\s*$/,
    cause: 'a machine got no address from the management network: it did not boot, or DHCP is blocked by a firewall',
    fix: 'virsh net-dhcp-leases NETWORK; virsh console MACHINE   # then look at the firewall: sudo nft list ruleset',
  },
];

/** Which known failure an output tells of; undefined = none that is known. */
export function knownFailure(
  output: string,
): { readonly id: string; readonly cause: string; readonly fix: string } | undefined {
  return knownFailures.find(({ says }) => says.test(output));
}

/** What could not be done (`make dev-s1`), with the cause where it is known, and the last lines that were said. */
export function libvirtError(what: string, output: string, fallback: string): LabError {
  const known = knownFailure(output);
  const why = known ? `: ${known.cause} (${known.id})` : '';
  const said = lastLines(output);
  return new LabError(`could not ${what}${why}${said === '' ? '' : `\n${said}`}`, known?.fix ?? fallback);
}

/** The same trouble, with the cause and its fix where they are known. */
export function withCause(error: LabError): LabError {
  const known = knownFailure(error.message);
  return known
    ? new LabError(`${error.message}\nthe cause: ${known.cause} (${known.id})`, known.fix, { cause: error })
    : error;
}
