import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const RECIPE = join(import.meta.dirname, 'box');

/** The box that the machines are made of, from the cache; made first where the recipe is a new one. About a minute, once. */
export async function fastBox(
  cache: string,
  scratch: string,
): Promise<{ readonly path: string; readonly key: string }> {
  const key = await digestOf(RECIPE);
  const path = join(cache, `debian-12-${key}.box`);
  if (existsSync(path)) return { path, key };
  const mirror = await debianMirror();
  for await (const old of glob(join(cache, 'debian-12-*'))) await rm(old, { recursive: true });
  await mkdir(cache, { recursive: true });
  await execa(join(RECIPE, 'build.sh'), [join(scratch, 'box'), path, mirror], { stdout: 'inherit', stderr: 'inherit' });
  return { path, key };
}

async function digestOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.toSorted()) hash.update(path.slice(folder.length)).update(await readFile(path));
  return hash.digest('hex').slice(0, 12);
}

/** Where apt gets Debian from on this computer. */
async function debianMirror(): Promise<string> {
  const { stdout } = await execa('apt-get', ['indextargets', '--format', '$(CREATED_BY) $(RELEASE) $(REPO_URI)']);
  const mirror =
    /^Packages bookworm(?:,\S+)? (\S+)$/m.exec(stdout)?.[1] ?? /^Packages \S+ (\S+\/debian\/?)$/m.exec(stdout)?.[1];
  if (mirror === undefined) throw new Error(`apt knows no Debian mirror:\n${stdout}`);
  return mirror;
}
