import { LabError } from '../engine/errors.ts';
import type { Lab } from '../lab.ts';

/**
 * What virsh prints; undefined where libvirt does not answer at all, of which HOST_LIBVIRT_SOCKET speaks.
 * Any other failure is an error of its own: it must not pass for "not there".
 */
export async function virsh(lab: Lab, uri: string, ...argv: readonly string[]): Promise<string | undefined> {
  const { code, stdout, stderr } = await lab.host.look(['virsh', '-c', uri, ...argv]);
  if (code === 0) return stdout;
  if (code === 127 || /failed to connect/i.test(stderr)) return undefined;
  throw new LabError(`virsh ${argv.join(' ')} failed: ${stderr.trim()}`, `virsh -c ${uri} ${argv.join(' ')}`);
}

/** The names that one of virsh's `--name` lists prints. */
export async function virshNames(
  lab: Lab,
  uri: string,
  ...argv: readonly string[]
): Promise<readonly string[] | undefined> {
  const printed = await virsh(lab, uri, ...argv, '--name');
  return printed
    ?.split('\n')
    .map((name) => name.trim())
    .filter(Boolean);
}
