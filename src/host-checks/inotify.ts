import { LabError } from '../engine/errors.ts';
import type { HostCheck, NspawnWanted } from './host-check.ts';

const FILE = '/proc/sys/fs/inotify/max_user_instances';
/** What a node with few pods uses; the kernel's default is as much, for root of all machines together. */
const EACH = 128;
/** As prepare-nodes sets it in machines that have a kernel of their own. */
const PLENTY = 8192;

export const inotify: HostCheck<NspawnWanted> = {
  id: 'NODE_INOTIFY_LOW',
  link: 'https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files',
  async find(lab, { machines }) {
    const value = Number((await lab.host.readFile(FILE))?.content);
    if (value >= EACH * machines) return undefined;
    return new LabError(
      `fs.inotify.max_user_instances is ${value}: ${machines} machines that share this computer's kernel need ${EACH * machines}`,
      `sudo sysctl -w fs.inotify.max_user_instances=${PLENTY} fs.inotify.max_user_watches=524288   # to keep it: in a file of /etc/sysctl.d`,
    );
  },
};
