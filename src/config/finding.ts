/** Keys from the top of config.yaml down; a number is a place in a list. */
export type Path = readonly (string | number)[];

/** Something wrong, or worth knowing, about a key of config.yaml; where in the file it stands is found later. */
export interface Finding {
  readonly path: Path;
  /** All other keys that this rests on: they give the line where `path` is left to its default, and silence it while they have faults of their own. */
  readonly involves?: readonly Path[];
  /** What was expected and what came. */
  readonly message: string;
  /** A line to edit. */
  readonly fix: string;
  /** A notice stops nothing; 'error' unless said. */
  readonly level?: 'error' | 'notice';
}

/** `machines.hosts[0].name` */
export function dotted(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** Whether one is the other, or a part of it. */
export function isRelated(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((key, place) => key === other[place]);
}

/** The first finding of each path: of a hundred machines in a wrong subnet, one is enough. */
export function oncePerPath(findings: Iterable<Finding>): Finding[] {
  return [...Map.groupBy(findings, ({ path }) => dotted(path)).values()].flatMap((group) => group.slice(0, 1));
}

/** A value as a fault quotes it, with its type: `"4" (string)`. */
export function quoted(value: unknown): string {
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  // Of a number that JSON has no word for, stringify says null.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return `${text.length > 60 ? `${text.slice(0, 57)}…` : text} (${typeof value})`;
}
