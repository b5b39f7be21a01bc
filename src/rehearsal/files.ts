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
  /** Follows a symbolic link. */
  read(path: string): StoredFile | undefined;
  size(path: string): number | undefined;
  /** Counts the writes of the tree: differs after every change of the file. */
  stamp(path: string): number | undefined;
  /** When it was written, in seconds since 1970 of the computer's own clock. */
  changedAt(path: string): number | undefined;
  write(path: string, file: NewFile, size?: number): void;
  remove(path: string): void;
  /** Removes a folder with all that is in it. */
  removeAll(folder: string): void;
  makeFolder(path: string): void;
  link(target: string, path: string): void;
  /** Where a symbolic link leads; undefined = not a link. */
  target(path: string): string | undefined;
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
  const state = { stamp: 0 };
  const follow = (path: string): string => {
    const target = links.get(path);
    return target === undefined ? path : follow(absolute(target, path));
  };
  const makeFolder = (path: string) => {
    for (let folder = path; folder !== '/' && folder !== ''; folder = parent(folder)) folders.add(folder);
  };
  const remove = (path: string) => {
    files.delete(path);
    links.delete(path);
  };
  const under = (folder: string) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).toSorted();
  const dump = () =>
    Object.fromEntries(
      [
        ...[...files].map(
          ([path, { content, mode, owner: of }]) => [path, { content, mode: mode.toString(8), owner: of }] as const,
        ),
        ...links,
      ].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return {
    kind: (path) => {
      const real = follow(path);
      if (files.has(real)) return 'file';
      return folders.has(real) || real === '/' ? 'folder' : 'absent';
    },
    read: (path) => {
      const entry = files.get(follow(path));
      return entry && { content: entry.content, mode: entry.mode, owner: entry.owner };
    },
    size: (path) => files.get(follow(path))?.size,
    stamp: (path) => files.get(follow(path))?.stamp,
    changedAt: (path) => files.get(follow(path))?.changedAt,
    write: (path, file, size = Buffer.byteLength(file.content)) => {
      makeFolder(parent(path));
      links.delete(path);
      state.stamp += 1;
      const { content, mode = 0o644, owner: of = owner } = file;
      files.set(path, { content, mode, owner: of, size, stamp: state.stamp, changedAt: now() });
    },
    remove,
    removeAll: (folder) => {
      for (const path of under(folder)) remove(path);
      for (const path of folders) if (path === folder || path.startsWith(`${folder}/`)) folders.delete(path);
    },
    makeFolder,
    link: (target, path) => {
      makeFolder(parent(path));
      remove(path);
      links.set(path, target);
    },
    target: (path) => links.get(path),
    under,
    dump,
    used: () => files.values().reduce((sum, { size }) => sum + size, 0),
  };
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function absolute(target: string, link: string): string {
  return target.startsWith('/') ? target : new URL(target, `file://${link}`).pathname;
}
