import type { NewFile, StoredFile } from '../lab.ts';

/** A file in memory; `size` differs from the content's length where only a name stands for the bytes. */
interface Entry extends StoredFile {
  readonly size: number;
  readonly stamp: number;
  readonly changedAt: number;
}

/** What there may be at a path. */
export type PathKind = 'file' | 'folder' | 'absent';

/** The files of a computer: folders are where files are, plus those made on purpose. */
export interface FileTree {
  kind(path: string): PathKind;
  /** The file, if any, that lies where a folder on the way to this path is needed. */
  fileAbove(path: string): string | undefined;
  /** Follows a symbolic link. */
  read(path: string): StoredFile | undefined;
  size(path: string): number | undefined;
  /** Counts the writes of the tree: differs after every change of the file. */
  stamp(path: string): number | undefined;
  /** When it was written, in seconds since 1970 of the computer's own clock. */
  changedAt(path: string): number | undefined;
  write(path: string, file: NewFile, size?: number): void;
  remove(path: string): void;
  makeFolder(path: string): void;
  link(target: string, path: string): void;
  /** Paths of the files in that folder and below, sorted. */
  under(folder: string): readonly string[];
  /** All of it in a stable order, for comparisons. */
  dump(): Readonly<Record<string, unknown>>;
  /** Bytes of all files. */
  used(): number;
}

/** `owner` is who makes files there; `now` the computer's clock. */
export function fileTree(owner: string, now: () => number): FileTree {
  const files = new Map<string, Entry>();
  const folders = new Set<string>();
  const links = new Map<string, string>();
  let writes = 0;
  const entry = (path: string) => files.get(followed(links, path));
  const makeFolder = (path: string) => {
    for (const folder of foldersAbove(`${path}/`)) folders.add(folder);
  };
  const remove = (path: string) => {
    files.delete(path);
    links.delete(path);
  };
  return {
    fileAbove: (path) => foldersAbove(path).find((folder) => files.has(followed(links, folder))),
    kind: (path) => {
      const real = followed(links, path);
      if (files.has(real)) return 'file';
      return folders.has(real) || real === '/' ? 'folder' : 'absent';
    },
    read: (path) => stored(entry(path)),
    size: (path) => entry(path)?.size,
    stamp: (path) => entry(path)?.stamp,
    changedAt: (path) => entry(path)?.changedAt,
    write: (path, { content, mode = 0o644, owner: of = owner }, size = Buffer.byteLength(content)) => {
      makeFolder(parent(path));
      links.delete(path);
      writes += 1;
      files.set(path, { content, mode, owner: of, size, stamp: writes, changedAt: now() });
    },
    remove,
    makeFolder,
    link: (target, path) => {
      makeFolder(parent(path));
      remove(path);
      links.set(path, target);
    },
    under: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).toSorted(),
    dump: () => dump(files, links),
    used: () => files.values().reduce((sum, { size }) => sum + size, 0),
  };
}

function stored(entry: Entry | undefined): StoredFile | undefined {
  return entry && { content: entry.content, mode: entry.mode, owner: entry.owner };
}

function dump(
  files: ReadonlyMap<string, Entry>,
  links: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const rows = [...files].map(
    ([path, { content, mode, owner }]) => [path, { content, mode: mode.toString(8), owner }] as const,
  );
  return Object.fromEntries([...rows, ...links].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function followed(links: ReadonlyMap<string, string>, path: string): string {
  const target = links.get(path);
  return target === undefined ? path : followed(links, absolute(target, path));
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** From the nearest up, without the root. */
function foldersAbove(path: string): readonly string[] {
  const above = parent(path);
  return above === '' ? [] : [above, ...foldersAbove(above)];
}

function absolute(target: string, link: string): string {
  return target.startsWith('/') ? target : new URL(target, `file://${link}`).pathname;
}
