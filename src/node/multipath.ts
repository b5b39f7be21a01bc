import type { Result } from '../lab.ts';
import { fileSteps, type Aspect } from './aspect.ts';

const FILE = '/etc/multipath/conf.d/90-rke2-lab.conf';
const BLACKLIST = 'blacklist {\n  devnode "^sd[a-z0-9]+"\n}\n';
const SHOW = ['systemctl', 'show', '--timestamp=unix', '-p', 'ActiveState,ExecMainStartTimestamp', 'multipathd'];

/** STORAGE_MULTIPATH: multipathd takes the volumes of Longhorn as its own. https://github.com/longhorn/longhorn/issues/1210 */
export const multipath: Aspect<{ readonly provider: string }> = async (machine, { provider }) => {
  if (provider !== 'longhorn') return [];
  const [unit, changed, file] = await Promise.all([
    machine.look(SHOW),
    machine.look(['stat', '-c', '%Z', FILE]),
    fileSteps(machine, FILE, BLACKLIST),
  ]);
  if (!unit.stdout.includes('ActiveState=active')) return [];
  if (file.length > 0) return file;
  if (!isOlder(unit, changed)) return [];
  // A step of its own: a run that ended right after the file was written must still restart it.
  return [
    {
      title: `restart multipathd on ${machine.name}, which has not read ${FILE}`,
      run: (signal) => machine.run(['systemctl', 'restart', 'multipathd'], { signal }),
    },
  ];
};

/** True where the process started before the file got its content. */
function isOlder(unit: Result, changed: Result): boolean {
  const startedAt = /^ExecMainStartTimestamp=@(\d+)/m.exec(unit.stdout)?.[1];
  return startedAt !== undefined && Number(changed.stdout.trim()) > Number(startedAt);
}
