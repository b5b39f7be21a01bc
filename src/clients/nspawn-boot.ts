import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Node } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import type { Clock } from '../lab.ts';
import { lastLines } from './command-failed.ts';
import { readLocalFile } from './local-files.ts';
import { findMachine } from './nspawn-folder.ts';

const POLL_SECONDS = 0.1;
const BOOT_SECONDS = 120;
const BANNER_MILLISECONDS = 2000;

interface Booting {
  readonly node: Node;
  readonly folder: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves when the machine's SSH server greets, which it does not before users may log in. */
export async function awaitBoot({ node, folder, clock, signal }: Booting): Promise<void> {
  const until = clock.now() + BOOT_SECONDS;
  while (!(await greets(node))) {
    signal?.throwIfAborted();
    const log = join(folder, 'console.log');
    const said = lastLines((await readLocalFile(log))?.content ?? '');
    // Its first act is to write down who it is: until then it may be on its way.
    const isLate = clock.now() >= until;
    if (isLate || (said !== '' && !(await findMachine(folder)).supervisor))
      throw new LabError(
        `${node.name} ${isLate ? `does not answer at ${node.address}:${node.port} after ${BOOT_SECONDS} seconds` : 'ended while it booted'}\n${said}`,
        `look at ${log}, and at journalctl -D ${join(folder, 'upper/var/log/journal')}`,
      );
    await clock.wait(POLL_SECONDS, signal);
  }
}

async function greets({ address, port }: Node): Promise<boolean> {
  const socket = connect({ host: address, port });
  try {
    const [greeting]: Buffer[] = await once(socket, 'data', { signal: AbortSignal.timeout(BANNER_MILLISECONDS) });
    return greeting?.toString('latin1').startsWith('SSH-') ?? false;
  } catch {
    // Whatever keeps it from greeting: it is asked again, and told when time is up.
    return false;
  } finally {
    socket.destroy();
  }
}
