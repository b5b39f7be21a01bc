import { writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { HOME, KEY, type BenchMachine } from './machines.ts';

const KNOWN_HOSTS = `${HOME}/known_hosts`;

/** Path of a known_hosts with the machines' keys. */
export async function knownHosts(machines: readonly BenchMachine[]): Promise<string> {
  await writeFile(KNOWN_HOSTS, machines.map(({ address, hostKey }) => `${address} ${hostKey}\n`).join(''));
  return KNOWN_HOSTS;
}

/** One command on each machine, all at the same time, each with a log-in of its own. Returns what they printed. */
export async function onEach(machines: readonly BenchMachine[], command: string): Promise<readonly string[]> {
  const options = ['-i', KEY, '-o', `UserKnownHostsFile=${KNOWN_HOSTS}`, '-o', 'BatchMode=yes'];
  const results = await Promise.all(
    machines.map(({ address }) => execa('ssh', [...options, `root@${address}`, command], { stdin: 'ignore' })),
  );
  return results.map(({ stdout }) => stdout);
}
