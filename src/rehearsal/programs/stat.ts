import type { FileTree } from '../files.ts';
import { notModelled, type Program } from '../program.ts';

const FORMATS: Readonly<Record<string, (files: FileTree, path: string) => number | undefined>> = {
  '%s': (files, path) => (files.kind(path) === 'folder' ? FOLDER_SIZE : files.size(path)),
  '%Z': (files, path) => files.changedAt(path),
};

/** Bytes of a folder as ext4 makes it. */
const FOLDER_SIZE = 4096;

/** `stat -c %s PATH…` (bytes), `stat -c %Z PATH…` (last change, seconds since 1970) */
export const stat: Program<{ readonly files: FileTree }> = {
  name: 'stat',
  changes: () => false,
  call: ({ on, args }) => {
    const [option, format = '', ...paths] = args;
    const valueOf = FORMATS[format];
    if (option !== '-c' || !valueOf || paths.length === 0 || paths.some((path) => !path.startsWith('/')))
      throw notModelled('stat', args);
    if (format !== '%s' && paths.some((path) => on.files.kind(path) === 'folder')) throw notModelled('stat', args);
    const values = paths.map((path) => ({ path, value: valueOf(on.files, path) }));
    const missing = values.filter(({ value }) => value === undefined);
    return {
      code: missing.length > 0 ? 1 : 0,
      stdout: values
        .filter(({ value }) => value !== undefined)
        .map(({ value }) => `${value}\n`)
        .join(''),
      stderr: missing.map(({ path }) => `stat: cannot statx '${path}': No such file or directory\n`).join(''),
    };
  },
};
