export const boxName = 'rke2-lab/debian-12-fast';
export const labName = 'vmtest';
export const version = 'v1.36.4+rke2r1';
export const machines = ['vmtest-s1', 'vmtest-s2', 'vmtest-s3'] as const;

/** Three servers, small enough for software emulation: one processor each, or they fight for those of the computer. */
export function labConfig(mirror: string): string {
  return `lab: { name: ${labName} }
machines:
  provider: libvirt
  size: three
  sizes: { three: { servers: { count: 3, cpus: 1, memory: 512, dataDisk: 1 } } }
  box: { name: ${boxName}, version: '0' }
  libvirt: { driver: qemu, bootTimeout: 900 }
rke2: { version: ${version}, mirror: '${mirror}' }
`;
}
