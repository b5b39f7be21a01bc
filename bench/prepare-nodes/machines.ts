import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const MACHINE = join(import.meta.dirname, '..', 'nspawn', 'machine.sh');
/** In memory, in the enclosure. */
export const HOME = '/run/bench';
/** Opens all machines, for root and for the user lab. */
export const KEY = `${HOME}/key`;

/** A machine that is up. */
export interface BenchMachine {
  readonly name: string;
  readonly address: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

export async function makeKey(): Promise<void> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', KEY]);
}

/** Gives the task so many machines that nobody touched before, all up, and removes them after. */
export async function onFreshMachines<T>(
  { root, count }: { readonly root: string; readonly count: number },
  task: (machines: readonly BenchMachine[]) => Promise<T>,
): Promise<T> {
  const places = Array.from({ length: count }, (_, index) => ({
    name: `m${index + 1}`,
    address: `192.168.123.${index + 11}`,
  }));
  await Promise.all(
    places.map(({ name, address }) => execa(MACHINE, ['up', root, name, address, `${KEY}.pub`], QUIET)),
  );
  const result = await task(await Promise.all(places.map(withHostKey)));
  // Not after an error: the enclosure ends then, and all machines with it.
  await Promise.all(places.map(({ name }) => execa(MACHINE, ['down', root, name], QUIET)));
  await rm(`${HOME}/work`, { recursive: true, force: true });
  return result;
}

/** The machine keeps the outputs of the script that made it: they are not to be waited for. */
const QUIET = { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' } as const;

async function withHostKey(place: { readonly name: string; readonly address: string }): Promise<BenchMachine> {
  const file = `${HOME}/${place.name}/root/etc/ssh/ssh_host_ed25519_key.pub`;
  const [type, key] = (await readFile(file, 'utf8')).split(' ');
  const { stdout } = await execa('ssh-keygen', ['-lf', file]);
  return { ...place, hostKey: `${type} ${key}`, fingerprint: stdout.split(' ')[1] ?? '' };
}
