import { isMap, isScalar, isSeq, visit } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { Position } from './document.ts';
import { dotted } from './finding.ts';
import type { Path } from './finding.ts';

/** A fault of the YAML itself. */
export interface SyntaxFault extends Position {
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
}

interface Source {
  readonly text: string;
  position(offset: number): Position;
}

const fixes: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'close the brackets, and indent the keys of one map alike',
  MULTILINE_IMPLICIT_KEY: 'end the key before it with a colon, or put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put the text in quotes: it has a colon and a blank in it',
  BAD_SCALAR_START: 'put the text in quotes',
  TAG_RESOLVE_FAILED: 'remove the word that starts with an exclamation mark',
  NON_STRING_KEY: 'write a plain word before the colon',
  BAD_DQ_ESCAPE: 'write the text in single quotes',
  RESOURCE_EXHAUSTION: 'nest less deep',
};

const readable: ReadonlySet<YAMLError['code']> = new Set(['DUPLICATE_KEY', 'MULTIPLE_DOCS']);

/** What the parser found, and aliases; `isReadable` where the rest can be checked all the same. */
export function syntaxFaults(
  document: Document.Parsed,
  source: Source,
): { faults: SyntaxFault[]; isReadable: boolean } {
  const found = firstAtEach([...document.errors, ...document.warnings]);
  const aliases = aliasFaults(document, source);
  return {
    faults: [...found.map((error) => syntaxFault(document, error, source)), ...aliases],
    isReadable: aliases.length === 0 && found.every((error) => readable.has(error.code)),
  };
}

function syntaxFault(document: Document.Parsed, error: YAMLError, source: Source): SyntaxFault {
  const place = source.position(Math.min(error.pos[0], source.text.length));
  if (error.code === 'DUPLICATE_KEY') {
    const path = pathOfKey(document.contents, error.pos[0], []) ?? [];
    const message = `expected each key once, came ${dotted(path)} a second time`;
    return { ...place, path, message, fix: 'remove one of the two' };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return {
      ...place,
      path: [],
      message: 'expected one document, came a second one',
      fix: 'remove the line --- and what follows it',
    };
  }
  const fix = fixes[error.code] ?? 'correct the YAML here: indentation, quotes, brackets';
  return { ...place, path: [], message: `expected YAML; its parser says: ${error.message}`, fix };
}

/** One fault tends to be told once for each bracket that it leaves open. */
function firstAtEach(errors: readonly YAMLError[]): YAMLError[] {
  return [...Map.groupBy(errors, ({ pos }) => pos[0]).values()].flatMap((group) => group.slice(0, 1));
}

/** Refused: Vagrant, which reads config.yaml too, takes none, and a few of them can stand for gigabytes. */
function aliasFaults(document: Document.Parsed, source: Source): SyntaxFault[] {
  const faults: SyntaxFault[] = [];
  visit(document, {
    Alias: (_, node) => {
      const message = `expected a value, came the alias *${node.source}`;
      const fix = 'write the value out; config.yaml takes no anchors and aliases';
      faults.push({ ...source.position(node.range?.[0] ?? 0), path: [], message, fix });
    },
  });
  return faults;
}

function pathOfKey(node: unknown, offset: number, path: Path): Path | undefined {
  if (isSeq(node)) return firstOf(node.items, (item, index) => pathOfKey(item, offset, [...path, index]));
  if (!isMap(node)) return undefined;
  return firstOf(node.items, ({ key, value }) => {
    if (!isScalar(key)) return undefined;
    const here = [...path, String(key.value)];
    return key.range?.[0] === offset ? here : pathOfKey(value, offset, here);
  });
}

function firstOf<Item>(
  items: readonly Item[],
  find: (item: Item, index: number) => Path | undefined,
): Path | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
