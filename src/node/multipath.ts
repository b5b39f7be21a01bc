import { fileSteps, type Aspect } from './aspect.ts';

const FILE = '/etc/multipath/conf.d/90-rke2-lab.conf';
const BLACKLIST = 'blacklist {\n  devnode "^sd[a-z0-9]+"\n}\n';

/** STORAGE_MULTIPATH: multipathd takes the volumes of Longhorn as its own. https://github.com/longhorn/longhorn/issues/1210 */
export const multipath: Aspect<{ readonly provider: string }> = async (machine, { provider }) => {
  if (provider !== 'longhorn') return [];
  const [active, file] = await Promise.all([
    machine.look(['systemctl', 'is-active', 'multipathd']),
    fileSteps(machine, FILE, BLACKLIST),
  ]);
  if (active.stdout.trim() !== 'active') return [];
  return file.map((step) => ({
    ...step,
    run: async (signal) => {
      await machine.writeFile(FILE, { content: BLACKLIST }, signal);
      await machine.run(['systemctl', 'restart', 'multipathd'], { signal });
    },
  }));
};
