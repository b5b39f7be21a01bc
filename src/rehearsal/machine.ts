import { LabError } from '../engine/errors.ts';
import type { Node } from '../config/schema.ts';
import type { Artefact, Machine } from '../lab.ts';
import { refuseBelowFile, refuseFolder, rehearsedComputer } from './computer.ts';
import { login } from './login.ts';
import { bytesLeft, type MachineState } from './machine-state.ts';
import { machinePrograms } from './programs/on-machines.ts';
import { RKE2_BINARY } from './rke2.ts';
import type { Session } from './session.ts';

const MB = 1e6;
/** Bytes a second from the operator's computer into a virtual machine. */
const UPLOAD_RATE = 200 * MB;
/** Where the files of a machine may lie, and single files of the kernel. */
const FOLDERS = ['/etc/', '/var/lib/', '/usr/local/', '/opt/', '/run/'];
const KERNEL_FILES = new Set(['/proc/sys/kernel/random/boot_id', '/proc/meminfo']);

/** A machine of config.yaml as the program reaches it. */
export function rehearsedMachine(session: Session, node: Node): Machine {
  const { world } = session;
  const ssh = login(session, node);
  const computer = rehearsedComputer<MachineState>({
    session,
    name: node.name,
    where: node.name,
    kind: 'machine',
    programs: machinePrograms,
    isMissing: ({ files }, program) => program === RKE2_BINARY && files.kind(RKE2_BINARY) === 'absent',
    isUser: ({ users }, user) => users.has(user),
    open: (signal) => ssh.open(signal),
    spell,
    makeRoom,
  });
  return {
    ...computer,
    upload: async (artefact, path, signal) => {
      const what = `machine:${spell(path)}`;
      const cached = world.artefacts.cached.get(artefact.path);
      if (!cached) throw new Error(`${artefact.path} is not in the cache`);
      const on = await ssh.open(signal);
      await session.write({ where: node.name, what }, async () => {
        refuseFolder(node, on.files, path);
        refuseBelowFile(node, on.files, path);
        makeRoom(on, path, artefact.size);
        await session.wait(artefact.size / UPLOAD_RATE, signal);
        if (cached.sha256 !== artefact.sha256) throw notWhole(node, path, { cached, artefact });
        on.files.write(path, { content: artefact.sha256 }, artefact.size);
      });
    },
    forget: () => session.write({ where: 'host', what: 'host:<lab>/known_hosts' }, () => ssh.forget()),
  };
}

/** As `Phase.writes` spells it; a bug outside the model. */
function spell(path: string): string {
  if (
    path !== '' &&
    !path.includes('..') &&
    (FOLDERS.some((folder) => path.startsWith(folder)) || KERNEL_FILES.has(path))
  )
    return path;
  throw new Error(`the rehearsed machines have no path ${path}`);
}

function makeRoom(machine: MachineState, path: string, bytes: number): void {
  if (bytes <= bytesLeft(machine)) return;
  throw new LabError(
    `could not write ${path} on ${machine.name}: no space left on device, ${bytes} bytes are needed`,
    `see what fills it, on ${machine.name}: df -h; make room or give the machine a larger disk`,
  );
}

/** The cache has changed since the artefact was found there. */
function notWhole(
  { name }: Node,
  path: string,
  { cached, artefact }: Record<'cached' | 'artefact', Artefact>,
): LabError {
  return new LabError(
    `${path} did not arrive whole on ${name}: SHA-256 ${cached.sha256}, expected ${artefact.sha256}; the old state is kept`,
    'run this command again; if it happens again, the disk or the network of the machine changes data',
  );
}
