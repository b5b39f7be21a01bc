import type { Config } from '../config/schema.ts';
import type { Lab } from '../lab.ts';
import type { Context } from './command.ts';
import { note, readConfig } from './read-config.ts';

/** A lab that a command works on. */
export interface Session {
  /** Read, and with the provider that `auto` comes to. */
  readonly config: Config;
  readonly lab: Lab;
  /** `.lab/<name>` beside config.yaml. */
  readonly directory: string;
}

export interface Access {
  /** 'change' takes the lab's lock, and makes its directory. */
  readonly to: 'look' | 'change';
}

/** Reads config.yaml, opens its lab, and closes it whatever happens. */
export async function withLab<T>(context: Context, access: Access, work: (session: Session) => Promise<T>): Promise<T> {
  const written = await readConfig(context);
  const { labDirectory } = await import('../clients/lab-directory.ts');
  const directory = labDirectory(written.file, written.lab.name);
  const lock = access.to === 'change' ? await lockedLab(context, directory) : undefined;
  try {
    const onLine = (line: string) => context.options.verbose && note(context, line);
    const onNote = (text: string) => note(context, text);
    const { lab, close } = await context.openLab(written, { directory, onLine, onNote });
    try {
      const config = { ...written, machines: { ...written.machines, provider: lab.provider.kind } };
      return await work({ config, lab, directory });
    } finally {
      await close();
    }
  } finally {
    await lock?.release();
  }
}

async function lockedLab(context: Context, directory: string) {
  const { takeLock } = await import('../clients/lab-lock.ts');
  const lock = await takeLock(directory);
  if (lock.takenOver) note(context, lock.takenOver);
  return lock;
}
