import { access, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { LabError } from '../../engine/errors.ts';
import type { Command } from '../command.ts';
import { listedPhase, phaseFile, phaseTestFile } from '../phase-template.ts';
import { exitCodes } from '../trouble.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

/** Writes a phase's file, its test, and its line in `src/phases/index.ts`. */
export const newPhase: Command = async ({ words: [name, ...others], options, screen }) => {
  if (name === undefined || others.length > 0 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new LabError(
      'could not make a phase: its name is one word, small letters and dashes',
      'npm run new:phase install-metallb',
    );
  const index = join(PROJECT, 'src/phases/index.ts');
  const files = [
    { path: join(PROJECT, 'src/phases', `${name}.ts`), content: phaseFile(name) },
    { path: join(PROJECT, 'test/phases', `${name}.test.ts`), content: phaseTestFile(name) },
  ];
  for (const { path } of files) await refuseExisting(path);
  const changes = [...files, { path: index, content: listedPhase(await readFile(index, 'utf8'), name) }];
  for (const { path, content } of changes) {
    if (!options.plan) await writeFile(path, content);
    if (!options.json) screen.print(`${options.plan ? 'would write' : 'wrote'} ${relative(PROJECT, path)}`);
  }
  if (!options.json)
    screen.print('Now say in it what it needs, reads and may change; then: npm run docs, npm run check');
  return { exit: exitCodes.inPlace, result: { files: changes.map(({ path }) => relative(PROJECT, path)) } };
};

async function refuseExisting(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new LabError(`could not make the phase: there is already ${path}`, 'choose another name');
}
