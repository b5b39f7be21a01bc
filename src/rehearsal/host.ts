import { LabError } from '../engine/errors.ts';
import type { Computer } from '../lab.ts';
import { rehearsedComputer } from './computer.ts';
import type { HostState } from './host-state.ts';
import { hostPrograms } from './programs/on-host.ts';
import type { Session } from './session.ts';

const KERNEL_FILES = new Set([
  '/proc/meminfo',
  '/proc/self/cgroup',
  '/proc/sys/fs/inotify/max_user_instances',
  '/sys/fs/cgroup/cgroup.controllers',
]);

/** The operator's computer, as that user. */
export function rehearsedHost(session: Session): Computer {
  const { world } = session;
  return rehearsedComputer<HostState>({
    session,
    name: 'this computer',
    where: 'host',
    kind: 'host',
    programs: hostPrograms,
    isUser: ({ user: operator }, user) => user === operator,
    isMissing: (host, program) =>
      (program === 'vagrant' && host.vagrant === undefined) || (program === 'virsh' && host.libvirt === undefined),
    open: async () => world.host,
    spell: (path) => spell(path, session),
    makeRoom: (host, path, bytes) => {
      if (bytes > host.diskLeft)
        throw new LabError(`could not write ${path} on this computer: no space left on device`, `df -h ${path}`);
    },
  });
}

/** `<lab>/…` for the lab's own folder and `<kubeconfig>`, as `Phase.writes` has them; a bug outside the model. */
function spell(path: string, { world }: Session): string {
  if (path.startsWith(`${world.directory}/`)) return `<lab>${path.slice(world.directory.length)}`;
  if (path === userKubeconfig(world.host)) return '<kubeconfig>';
  if (KERNEL_FILES.has(path)) return path;
  throw new Error(`the rehearsed operator's computer has no path ${path}`);
}

/** The operator's own kubeconfig. */
export function userKubeconfig({ home }: HostState): string {
  return `${home}/.kube/config`;
}
