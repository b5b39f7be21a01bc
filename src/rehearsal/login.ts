import { LabError } from '../engine/errors.ts';
import type { Node } from '../config/schema.ts';
import type { MachineState } from './machine-state.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

const CONNECT_SECONDS = 0.4;
const NO_ANSWER_SECONDS = 3;

/** The machine behind an SSH log-in; one connection, made again when the machine has booted anew. */
export interface Login {
  /** Throws a LabError where nobody may log in. */
  open(signal?: AbortSignal): Promise<MachineState>;
  /** Closes the connection and forgets the pinned key. */
  forget(): Promise<void>;
}

export function login(session: Session, node: Node): Login {
  const { world } = session;
  const state: { machine?: MachineState; boots?: number } = {};
  return {
    open: async (signal) => {
      session.killed.throwIfAborted();
      const machine = world.machines.get(node.name);
      const open = machine?.running && machine === state.machine && machine.boots === state.boots;
      if (open) return machine;
      await session.wait(machine?.booted ? CONNECT_SECONDS : NO_ANSWER_SECONDS, signal);
      const reached = reach(world, node);
      state.machine = reached;
      state.boots = reached.boots;
      return reached;
    },
    forget: async () => {
      delete state.machine;
      const pins = pinsOf(world).filter((line) => !line.startsWith(`${node.address} `));
      if (pins.length < pinsOf(world).length) writePins(world, pins);
    },
  };
}

function reach(world: World, node: Node): MachineState {
  const machine = world.machines.get(node.name);
  if (!machine?.running)
    throw refused(node, 'host unreachable', { fix: `ip route get ${node.address}`, transient: true });
  if (!machine.booted || machine.login === 'connection-refused')
    throw refused(node, 'connection refused, nothing listens there', {
      fix: 'systemctl status ssh, on its console',
      transient: true,
    });
  checkHostKey(world, node, machine);
  checkKey(world, node, machine);
  if (machine.sudoNeedsPassword && node.user !== 'root')
    throw new LabError(
      `sudo on ${node.name} (${node.user}@${node.address}) wants a password: sudo: a password is required`,
      `on ${node.name}, as root:  echo '${node.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${node.user}`,
    );
  return machine;
}

function checkHostKey(world: World, node: Node, machine: MachineState): void {
  const pins = pinsOf(world);
  const own = `${node.address} ${machine.hostKey}`;
  if (pins.includes(own)) return;
  if (pins.some((line) => line.startsWith(`${node.address} `)))
    throw new LabError(
      `the host key of ${node.name} (${node.user}@${node.address}) changed: ${knownHosts(world)} knows another`,
      `if ${node.name} was installed anew, forget the old key: ssh-keygen -f ${knownHosts(world)} -R '${node.address}'`,
    );
  writePins(world, [...pins, own]);
}

function checkKey({ host, directory }: World, node: Node, machine: MachineState): void {
  const key = node.key ?? `${directory}/id_ed25519`;
  if (node.key === undefined && host.files.kind(key) !== 'file')
    throw new LabError(
      `could not log in to ${node.name}: the private key ${key} does not exist`,
      `ssh-keygen -t ed25519 -N '' -f ${key}`,
    );
  if (machine.login === 'key-refused')
    throw refused(node, `user ${node.user} was refused with the key ${key}`, {
      fix: `let the key in: ssh-copy-id -i ${key}.pub ${node.user}@${node.address}`,
      transient: false,
    });
}

function refused(node: Node, message: string, { fix, transient }: { fix: string; transient: boolean }): LabError {
  return new LabError(
    `could not log in to ${node.name} (${node.user}@${node.address}:${node.port}) over SSH: ${message}`,
    fix,
    { transient },
  );
}

function knownHosts({ directory }: World): string {
  return `${directory}/known_hosts`;
}

function pinsOf(world: World): readonly string[] {
  return (world.host.files.read(knownHosts(world))?.content ?? '').split('\n').filter(Boolean);
}

function writePins(world: World, lines: readonly string[]): void {
  const content = lines
    .toSorted()
    .map((line) => `${line}\n`)
    .join('');
  world.host.files.write(knownHosts(world), { content, mode: 0o600 });
}
