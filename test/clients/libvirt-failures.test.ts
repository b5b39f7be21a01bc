import { describe, expect, it } from 'vitest';
import { knownFailure, libvirtError, withCause } from '../../src/clients/libvirt-failures.ts';
import { LabError } from '../../src/engine/errors.ts';

/** As Vagrant 2.3.4, vagrant-libvirt 0.11.2 and libvirt 9.0.0 said it. */
const seen = [
  ['HOST_POOL_MISSING', 'No usable storage pool found! Please check if storage pool is\ncreated and available.'],
  [
    'HOST_POOL_MISSING',
    "error: failed to get pool 'nope'\nerror: Storage pool not found: no storage pool with matching name 'nope'",
  ],
  ['HOST_POOL_MISSING', "error: Requested operation is not valid: storage pool 'default' is not active"],
  [
    'HOST_POOL_MISSING',
    "There was error while creating Libvirt storage pool: Call to virStoragePoolDefineXML failed: operation failed: pool 'default' already exists with uuid 55d6f960",
  ],
  ['HOST_ORPHAN_DOMAIN', "Volume for domain is already created. Please run 'vagrant destroy' first."],
  [
    'HOST_ORPHAN_DOMAIN',
    'Name `rke2-lab-try-a1` of domain about to create is already taken. Please try to run\n`vagrant up` command again.',
  ],
  [
    'HOST_SUBNET_CLASH',
    'Error while activating network: Call to virNetworkCreate failed: internal error: Network is already in use by interface br9.',
  ],
  [
    'HOST_KVM_UNAVAILABLE',
    'Call to virDomainCreateWithFlags failed: the CPU is incompatible with host CPU: Host CPU does not provide required features: svm (Libvirt::Error)',
  ],
  [
    'HOST_KVM_UNAVAILABLE',
    "unsupported configuration: CPU mode 'host-passthrough' for x86_64 qemu domain on x86_64 host is not supported by hypervisor",
  ],
  [
    'HOST_LIBVIRT_SOCKET',
    "Error while connecting to Libvirt: Error making a connection to libvirt URI qemu+unix:///system?socket=/nope:\nCall to virConnectOpen failed: Failed to connect socket to '/nope': No such file or directory",
  ],
  [
    'HOST_LIBVIRT_SOCKET',
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/nope': No such file or directory",
  ],
  [
    'HOST_NET_INACTIVE',
    "error: failed to get network 'nope'\nerror: Network not found: no network with matching name 'nope'",
  ],
  [
    'HOST_PLUGIN_BROKEN',
    'The plugins failed to initialize correctly. This may be due to manual\nmodifications made within the Vagrant home directory.',
  ],
  [
    'HOST_PLUGIN_BROKEN',
    "The provider 'libvirt' could not be found, but was requested to\nback the machine 'dev-s1'. Please use a provider that exists.",
  ],
  [
    'BOX_NO_PROVIDER',
    "The box you're attempting to add doesn't support the provider\nyou requested. Please find an alternate box",
  ],
  [
    'BOX_NO_VERSION',
    "The box you're attempting to add has no available version that\nmatches the constraints you requested.",
  ],
  ['BOX_HOST_DOWN', "The box 'rke2-lab/nothing' could not be found or\ncould not be accessed in the remote catalog."],
  [
    'VM_BOOT_SLOW',
    'Timed out while waiting for the machine to boot. This means that\nVagrant was unable to communicate',
  ],
  ['VM_NO_IP', 'dev-s1: Starting domain.\ndev-s1: Waiting for domain to get an IP address...'],
] as const;

describe('a known failure', () => {
  it.each(seen)('is %s: %s', (id, output) => {
    expect(knownFailure(output)?.id).toBe(id);
  });

  it('is none where a machine got its address and the trouble came later', () => {
    expect(knownFailure('dev-s1: Waiting for domain to get an IP address...\ndev-s1: something else')).toBeUndefined();
  });

  it('gives the error its cause, its id, its fix and the last lines', () => {
    const error = libvirtError('make dev-s1', 'a\nb\nNo space left on device', 'look');
    expect(error.message).toBe(
      'could not make dev-s1: the disk of the storage pool or of the Vagrant boxes is full (HOST_DISK_FULL)\na\nb\nNo space left on device',
    );
    expect(error.fix).toContain('df -h');
  });

  it('leaves an unknown failure with its own words and the way to look further', () => {
    const error = libvirtError('make dev-s1', 'strange', 'look');
    expect(error.message).toBe('could not make dev-s1\nstrange');
    expect(error.fix).toBe('look');
    const other = new LabError('strange', 'look');
    expect(withCause(other)).toBe(other);
  });

  it('is added to an error that has only the words of the program', () => {
    const error = withCause(new LabError("error: storage pool 'default' is not active", 'run it by hand'));
    expect(error.message).toContain('HOST_POOL_MISSING');
    expect(error.fix).toContain('virsh pool-start');
  });
});
