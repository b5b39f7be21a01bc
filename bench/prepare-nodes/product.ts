import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { typed } from '../program.ts';
import { HOME, KEY, type BenchMachine } from './machines.ts';

const WORK = `${HOME}/work/product`;
const CONFIG = join(WORK, 'config.yaml');

/** A lab of these machines: config.yaml is written, and what comes before prepare-nodes is done. */
export async function openProductLab(machines: readonly BenchMachine[]): Promise<void> {
  await mkdir(WORK, { recursive: true });
  await writeFile(CONFIG, configOf(machines));
  await typed({ argv: ['phase.ts', 'create-machines', '--config', CONFIG], exit: 0 });
}

/** `npm run phase prepare-nodes`; returns how many steps it did. */
export async function runProduct(): Promise<number> {
  const stdout = await typed({ argv: ['phase.ts', 'prepare-nodes', '--json', '--config', CONFIG], exit: 0 });
  const end: { readonly changes: number } = JSON.parse(stdout.split('\n').at(-1) ?? '');
  return end.changes;
}

function configOf(machines: readonly BenchMachine[]): string {
  const hosts = machines.map(({ name, address, fingerprint }, index) => {
    const role = index === 0 ? 'server' : 'agent';
    return `    - { name: ${name}, role: ${role}, address: ${address}, key: ${KEY}, hostKey: '${fingerprint}' }\n`;
  });
  return `lab: { name: bench }
machines:
  provider: hosts
  hosts:
${hosts.join('')}features:
  cilium: { devices: [eth1] }
  storage: { provider: longhorn }
`;
}
