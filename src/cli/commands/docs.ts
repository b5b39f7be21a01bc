import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from '../command.ts';
import { generatedFiles } from '../generated-files.ts';
import { exitCodes } from '../trouble.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** Writes the generated files; with --plan names those that are out of date. */
export const docs: Command = async ({ options, screen, phases }) => {
  const files = generatedFiles(await phases());
  const stale: string[] = [];
  for (const { path, content } of files) {
    const file = join(PROJECT, path);
    const old = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const wanted = content(old);
    if (wanted === old) continue;
    stale.push(path);
    if (!options.plan) await writeFile(file, wanted);
    if (!options.json) screen.print(options.plan ? `${path} is out of date: npm run docs` : `wrote ${path}`);
  }
  const isOpen = options.plan && stale.length > 0;
  return { exit: isOpen ? exitCodes.missing : exitCodes.inPlace, result: { stale } };
};
