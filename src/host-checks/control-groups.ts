import { LabError } from '../engine/errors.ts';
import type { HostCheck, NspawnWanted } from './host-check.ts';

/** Without these, kubelet does not start. */
const NEEDED = ['cpu', 'memory', 'pids'];

export const controlGroups: HostCheck<NspawnWanted> = {
  id: 'HOST_CGROUPS_MISSING',
  link: 'https://kubernetes.io/docs/concepts/architecture/cgroups/',
  async find(lab) {
    // The first is there where the newer hierarchy is the only one; the second names the older ones.
    const [newer, older] = await Promise.all(
      ['/sys/fs/cgroup/cgroup.controllers', '/proc/self/cgroup'].map((path) => lab.host.readFile(path)),
    );
    const words = new Set((newer ?? older)?.content.split(/[\s:,]+/));
    const missing = NEEDED.filter((name) => !words.has(name));
    if (missing.length === 0) return undefined;
    return new LabError(
      `this computer's kernel hands out no control groups for ${missing.join(', ')}`,
      'in a container: start it with --privileged --cgroupns=host; else add cgroup_enable=memory to the kernel command line',
    );
  },
};
