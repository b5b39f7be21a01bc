import type { Aspect } from './aspect.ts';

/** What Longhorn mounts its volumes with. https://longhorn.io/docs/latest/deploy/install/#installation-requirements */
const LONGHORN = ['open-iscsi', 'nfs-common'];

/** Packages of the machine's own distribution that the storage provider needs. */
export const packages: Aspect<{ readonly provider: string }> = async (machine, { provider }) => {
  if (provider !== 'longhorn') return [];
  const { stdout } = await machine.look(['dpkg-query', '-W', '-f', '${Package}\\t${Status}\\n', ...LONGHORN]);
  const missing = LONGHORN.filter((name) => !stdout.includes(`${name}\tinstall ok installed`));
  if (missing.length === 0) return [];
  return [
    {
      title: `install ${missing.join(', ')} on ${machine.name}`,
      run: async (signal) => {
        await machine.run(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'update'], { signal });
        const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
        await machine.run(['env', 'DEBIAN_FRONTEND=noninteractive', ...install], { signal });
      },
    },
  ];
};
