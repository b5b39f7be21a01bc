import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node as YamlNode, Pair } from 'yaml';
import type { Path } from './finding.ts';
import { syntaxFaults } from './syntax.ts';
import type { SyntaxFault } from './syntax.ts';

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text of config.yaml, as plain values that still know their places. */
export interface SourceDocument {
  /** Maps, lists and scalars; undefined where the YAML is too broken to have a meaning. */
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  /** The text of the key where `path` ends, for a place in a list of the item; else of the nearest one above that is in the file. */
  keyPosition(path: Path): Position;
  /** The same for the value; a value left empty stands at its key. */
  valuePosition(path: Path): Position;
  has(path: Path): boolean;
}

/** Reads YAML 1.2. All that the parser has to say is in `faults`; nothing is thrown. */
export function readDocument(text: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    // Of an empty text the counter says line 0.
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const { faults, isReadable } = syntaxFaults(document, { text, position });
  return {
    value: isReadable ? document.toJS() : undefined,
    faults,
    has: (path) => follow(document, path).depth === path.length,
    keyPosition: (path) => position(follow(document, path).key),
    valuePosition: (path) => {
      const found = follow(document, path);
      return position(found.depth === path.length ? found.value : found.key);
    },
  };
}

interface Found {
  readonly depth: number;
  /** Offsets in the text. */
  readonly key: number;
  readonly value: number;
}

/** Goes down the path as far as the file does. */
function follow(document: Document.Parsed, path: Path): Found {
  let node: unknown = document.contents;
  let found: Found = { depth: 0, key: startOf(node) ?? 0, value: startOf(node) ?? 0 };
  for (const step of path) {
    const next = isSeq(node) && typeof step === 'number' ? item(node.items[step]) : entry(node, step);
    if (next === undefined) break;
    node = next.node;
    found = { depth: found.depth + 1, key: next.key, value: next.value };
  }
  return found;
}

type Step = Omit<Found, 'depth'> & { readonly node: unknown };

function item(node: unknown): Step | undefined {
  const start = startOf(node);
  return start === undefined ? undefined : { node, key: start, value: start };
}

function entry(node: unknown, step: string | number): Step | undefined {
  if (!isMap(node)) return undefined;
  // The last of two equal keys is the one that counts.
  const pair = node.items.findLast((candidate: Pair) => isScalar(candidate.key) && candidate.key.value === step);
  const key = startOf(pair?.key);
  if (pair === undefined || key === undefined) return undefined;
  const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
  return { node: pair.value, key, value: isEmpty ? key : (startOf(pair.value) ?? key) };
}

function startOf(node: unknown): number | undefined {
  return isYamlNode(node) ? node.range?.[0] : undefined;
}

function isYamlNode(node: unknown): node is YamlNode {
  return isMap(node) || isSeq(node) || isScalar(node);
}
