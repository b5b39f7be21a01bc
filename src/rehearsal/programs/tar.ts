import type { MachineState } from '../machine-state.ts';
import { failed, notModelled, succeeded, type Program } from '../program.ts';
import { RKE2_BINARY } from '../rke2.ts';

const SECONDS = 3;
const PREFIX = '/usr/local';
const UNIT_FOLDER = `${PREFIX}/lib/systemd/system`;
const CIS = 'vm.panic_on_oom=0\nvm.overcommit_memory=1\nkernel.panic=10\nkernel.panic_on_oops=1\n';
const BINARY_BYTES = 120e6;

/** `tar -xzf FILE -C /usr/local`, for the tarball of an RKE2 release */
export const tar: Program<MachineState> = {
  name: 'tar',
  changes: () => true,
  call: async ({ world, on, args, wait }) => {
    const [option, path, change, folder] = args;
    if (option !== '-xzf' || path === undefined || change !== '-C' || folder !== PREFIX || args.length !== 4)
      throw notModelled('tar', args);
    const digest = on.files.read(path)?.content;
    if (digest === undefined) return failed(2, `tar: ${path}: Cannot open: No such file or directory\n`);
    const artefact = world.artefacts.cached.values().find(({ sha256 }) => sha256 === digest);
    const release = artefact && /\/([^/]+)\/rke2\.linux-\w+\.tar\.gz$/.exec(artefact.path)?.[1];
    if (release === undefined) throw new Error(`${path} on ${on.name} is no tarball of RKE2`);
    await wait(SECONDS);
    const program = { content: release, mode: 0o755 };
    on.files.write(RKE2_BINARY, program, BINARY_BYTES);
    on.files.write(`${PREFIX}/bin/rke2-killall.sh`, { content: '#!/bin/sh\n', mode: 0o755 });
    on.files.write(`${PREFIX}/bin/rke2-uninstall.sh`, { content: '#!/bin/sh\n', mode: 0o755 });
    on.files.write(`${PREFIX}/share/rke2/rke2-cis-sysctl.conf`, { content: CIS });
    for (const kind of ['server', 'agent'])
      on.files.write(`${UNIT_FOLDER}/rke2-${kind}.service`, {
        content: `[Service]\nExecStart=${RKE2_BINARY} ${kind}\nRestart=always\nRestartSec=5s\n`,
      });
    return succeeded();
  },
};
