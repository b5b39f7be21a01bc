import { parse } from 'yaml';

const MOST_TEXTS = 100;
const known = new Map<string, unknown>();

/** YAML as a value that nobody may change. The same texts are asked for again and again, and parsing is slow. */
export function parsedYaml(text: string): unknown {
  if (known.has(text)) return known.get(text);
  if (known.size >= MOST_TEXTS) known.clear();
  const value: unknown = parse(text);
  known.set(text, value);
  return value;
}
