import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** Value imports of a file: those of types bind nothing together when the program runs. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const found = [
    ...text.matchAll(/^(import|export) (?!type\b)[^;]*?from '(\.[^']+)'/gm),
    ...text.matchAll(/()import\('(\.[^']+)'\)/g),
  ];
  return found.map(([, , path = '']) => join(dirname(file), path));
}

/** Where two files part: the folders, beside each other, that one of them must not know of the other. */
function folders(from: string, to: string): readonly [string, string] | undefined {
  const [one, other] = [from, to].map((file) => relative(src, file).split(sep));
  const depth = one!.findIndex((part, index) => part !== other![index]);
  const [left, right] = [one!.slice(0, depth + 1), other!.slice(0, depth + 1)];
  const areFolders = one!.length > depth + 1 && other!.length > depth + 1;
  return areFolders ? [left.join('/'), right.join('/')] : undefined;
}

/** Folders that can be reached from a folder. */
function reach(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return seen;
}

function graphOf(edges: readonly (readonly [string, string])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return graph;
}

const edges = globSync('**/*.ts', { cwd: src }).flatMap((file) => {
  const from = join(src, file);
  return importsOf(from).flatMap((to) => {
    const pair = folders(from, to);
    return pair ? [pair] : [];
  });
});

test('no folder of src imports, by whatever way, one that imports it', () => {
  const graph = graphOf(edges);
  expect(graph.size).toBeGreaterThan(5);
  const circles = [...graph.keys()].filter((folder) => reach(graph, folder).has(folder));
  expect(circles).toEqual([]);
});

test('this check finds a circle of three', () => {
  const graph = graphOf([
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  ]);
  expect(reach(graph, 'a')).toContain('a');
  expect(reach(graphOf([['a', 'b']]), 'a')).not.toContain('a');
});
