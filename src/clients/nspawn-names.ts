import { createHash } from 'node:crypto';

const PORT = 'rkp-';

/** Interfaces have names of at most 15 characters: a part of the lab's name for people, and a digest of its folder, which makes it this lab's alone. */
export function bridgeName(directory: string, lab: string, network: 'lab' | 'management'): string {
  return `rk-${lab.slice(0, 4)}-${digest(directory).slice(0, 6)}${network === 'lab' ? 'l' : 'm'}`;
}

/** The computer's end of a machine's cable. */
export function portName(directory: string, machine: string, nic: string): string {
  return `${PORT}${digest(directory, machine, nic).slice(0, 8)}`;
}

/** True for a name that only `portName` gives. */
export function isPort(name: string): boolean {
  return name.startsWith(PORT);
}

/** One and the same at each start, so that nobody's table of neighbours becomes wrong. Locally administered, unicast. */
export function hardwareAddress(directory: string, owner: string, nic: string): string {
  const bytes = digest(directory, owner, nic).slice(0, 10).match(/../g) ?? [];
  return ['02', ...bytes].join(':');
}

/** Name of a machine for the computer that it runs on: two folders may have a lab of the same name. */
export function machineId(directory: string, machine: string): string {
  return `${machine}-${digest(directory).slice(0, 6)}`;
}

function digest(...words: readonly string[]): string {
  return createHash('sha256').update(words.join('\0')).digest('hex');
}
