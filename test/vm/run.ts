/**
 * The VM rung: Vagrant, vagrant-libvirt, libvirt and QEMU for real, by software emulation, in namespaces of its own.
 * VERBOSE=1 shows what the product says. Needs root, the packages of packages.txt, and Go. Without a network once the box is in the cache.
 */
import { rm, mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { fastBox } from './box.ts';
import { boxName } from './lab-config.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rke2-lab', 'vm');

if (process.getuid?.() !== 0) throw new Error('the VM rung wants root, for namespaces and libvirt');
// Not below /run or /var/lib/libvirt, which are others inside.
const state = await mkdtemp(join(tmpdir(), 'rke2-lab-vm-'));
try {
  const { path, key } = await fastBox(cache, state);
  const vagrantHome = join(cache, `debian-12-${key}.vagrant`);
  const env = { VAGRANT_HOME: vagrantHome, VAGRANT_CHECKPOINT_DISABLE: '1' };
  const { stdout: boxes } = await execa('vagrant', ['box', 'list'], { env });
  if (!boxes.includes(boxName)) await execa('vagrant', ['box', 'add', '--name', boxName, path], { env });
  const inside = [process.execPath, join(import.meta.dirname, 'inside.ts'), state];
  const { exitCode } = await execa(join(import.meta.dirname, 'enclosed.sh'), [state, ...inside], {
    env,
    stdio: 'inherit',
    cancelSignal: stop.signal,
    reject: false,
  });
  process.exitCode = exitCode ?? 1;
} finally {
  await rm(state, { recursive: true, force: true });
}
