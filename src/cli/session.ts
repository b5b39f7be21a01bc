import type { Config } from '../config/schema.ts';
import type { Lab } from '../lab.ts';
import type { Context } from './command.ts';

/** A lab that a command works on. */
export interface Session {
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
  const [{ loadConfig }, { notices }, { labDirectory }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/notices.ts'),
    import('../clients/lab-directory.ts'),
  ]);
  const config = await loadConfig(context.options.config);
  for (const { rule, path, message, fix, link } of notices(config))
    note(context, `${path}: ${message}; ${fix} (${rule}, ${link})`);
  const directory = labDirectory(config.file, config.lab.name);
  const lock = access.to === 'change' ? await lockedLab(context, directory) : undefined;
  try {
    const onLine = (line: string) => context.options.verbose && note(context, line);
    const { lab, close } = await context.openLab(config, { directory, onLine });
    try {
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

/** Something to know that is not the result. */
function note({ options, screen }: Context, text: string): void {
  if (options.json) screen.print(JSON.stringify({ type: 'note', text }));
  else screen.complain(`Note: ${text}`);
}
