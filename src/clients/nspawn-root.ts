import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { LabError } from '../engine/errors.ts';
import { lastLines } from './command-failed.ts';
import { errorCode } from './local-files.ts';
import { runGroup } from './process-group.ts';

const SCRIPTS = join(import.meta.dirname, 'nspawn');
/** What the root is made of and by: when one of them changes, it is another root. */
const INGREDIENTS = ['root.sh', 'boot.sh', 'boot.service'];

export interface RootOptions {
  readonly settings: Config['machines']['nspawn'];
  /** Gets what debootstrap says. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** The root file system that new machines share: made once, in minutes, and kept in the cache. Answers with its folder. */
export async function sharedRoot({ settings, onLine }: RootOptions, signal: AbortSignal): Promise<string> {
  const folder = join(cacheFolder(process.env.XDG_CACHE_HOME), await rootDigest(settings));
  const root = join(folder, 'root');
  if (await exists(root)) return root;
  onLine?.(`making the machines' root file system (Debian ${settings.suite}, once, some minutes) in ${folder}`);
  const said: string[] = [];
  const { suite, mirror = '', packages } = settings;
  const { code, stderr } = await runGroup({
    argv: [join(SCRIPTS, 'root.sh'), folder, suite, mirror, ...packages],
    cwd: SCRIPTS,
    env: { LC_ALL: 'C.UTF-8', PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    signal,
    onLine: (line) => {
      said.push(line);
      onLine?.(line);
    },
  });
  signal.throwIfAborted();
  if (code === 0) return root;
  throw new LabError(
    `could not make the machines' root file system (Debian ${suite})\n${lastLines([...said, stderr].join('\n'))}`,
    'sudo apt install debootstrap debian-archive-keyring   # and see that machines.nspawn.mirror in config.yaml can be reached',
  );
}

/** 16 hexadecimal digits. The mirror is not part of it: all of them have the same packages. */
async function rootDigest({ suite, packages }: RootOptions['settings']): Promise<string> {
  const ingredients = await Promise.all(INGREDIENTS.map((file) => readFile(join(SCRIPTS, file), 'utf8')));
  const words = [...ingredients, suite, ...packages.toSorted()];
  return createHash('sha256').update(words.join('\0')).digest('hex').slice(0, 16);
}

/** A relative XDG_CACHE_HOME is to be ignored, says its specification. */
function cacheFolder(variable: string | undefined): string {
  const home = variable?.startsWith('/') ? variable : join(homedir(), '.cache');
  return join(home, 'rke2-lab', 'nspawn');
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
