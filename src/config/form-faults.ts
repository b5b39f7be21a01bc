import type { z } from 'zod';
import { dotted, quoted } from './finding.ts';
import type { Path } from './finding.ts';
import { knownKeys } from './known-keys.ts';
import { nearest } from './nearest.ts';
import { configSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** A key or value that the schema does not take. */
export interface FormFault {
  readonly path: Path;
  /** What the fault is about: the key itself, or the value behind it. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly fix: string;
  /** What the operator most likely meant by it: no rule is asked about that. */
  readonly doubtful: Path;
}

/** An issue of zod in the words of this program; `given` is the whole of config.yaml. */
export function formFaults(issue: Issue, given: unknown): FormFault[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_key') return [wrongKey(path, issue)];
  const value = valueAt(given, path);
  if (value === undefined) return [missingKey(path, issue)];
  const message = `expected ${expectation(issue)}, came ${quoted(value)}`;
  return [{ path, at: 'value', message, fix: fixOf(path, issue, value), doubtful: path }];
}

function unknownKey(map: Path, key: string): FormFault {
  const known = knownKeys(map);
  const near = nearest(key, known);
  return {
    path: [...map, key],
    at: 'key',
    message: `expected a known key${map.length > 0 ? ` of ${dotted(map)}` : ''}, came ${JSON.stringify(key)}`,
    fix: near === undefined ? `remove it; known here: ${known.join(', ')}` : `write ${near} instead of ${key}`,
    doubtful: near === undefined ? map : [...map, near],
  };
}

function wrongKey(path: Path, issue: z.core.$ZodIssueInvalidKey): FormFault {
  const [reason] = issue.issues;
  const expected = reason === undefined ? 'another name' : expectation(reason);
  return {
    path,
    at: 'key',
    message: `expected ${expected}, came ${quoted(path.at(-1))}`,
    fix: `give ${dotted(path)} another name: ${expected}`,
    doubtful: path,
  };
}

function missingKey(path: Path, issue: Issue): FormFault {
  const expected = expectation(issue);
  const fix = `add ${String(path.at(-1))}: ${expected}`;
  return { path, at: 'key', message: `expected ${expected}, came nothing`, fix, doubtful: path };
}

function expectation(issue: Issue): string {
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${amount(issue.origin, issue.minimum)} or more`;
    case 'too_big':
      return `${amount(issue.origin, issue.maximum)} or less`;
    case 'invalid_format':
      return issue.format === 'url' ? 'a URL such as https://example.org/rke2' : `a ${issue.format}`;
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

function amount(origin: string, count: number | bigint): string {
  const unit = origin === 'string' ? 'character' : origin === 'array' ? 'item' : undefined;
  if (unit === undefined) return String(count);
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

function fixOf(path: Path, issue: Issue, value: unknown): string {
  const better = rewritten(issue, value);
  if (better !== undefined) return `write ${typeof path.at(-1) === 'string' ? `${path.at(-1)}: ` : ''}${better}`;
  const name = dotted(path) || 'config.yaml';
  if (issue.code === 'invalid_type' && issue.expected === 'object')
    return `give ${name} its keys: ${knownKeys(path).join(', ')}`;
  const preset = valueAt(configSchema.parse({}), path);
  const example = ['string', 'number', 'boolean'].includes(typeof preset) ? `; the default is ${String(preset)}` : '';
  return `set ${name} to ${expectation(issue)}${example}`;
}

/** The value as it was most likely meant. */
function rewritten(issue: Issue, value: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof value === 'string') return nearest(value, issue.values.map(String));
  if (issue.code !== 'invalid_type') return undefined;
  if (typeof value === 'number' || typeof value === 'boolean')
    return issue.expected === 'string' ? `"${value}"` : undefined;
  return typeof value === 'string' ? withoutQuotes(issue.expected, value) : undefined;
}

/** YAML 1.1 had yes, no, on and off for true and false; 1.2 takes them for text. */
function withoutQuotes(expected: string, text: string): string | undefined {
  if (expected === 'array') return `[${text}]`;
  if (expected === 'boolean' && /^(true|yes|on)$/i.test(text)) return 'true';
  if (expected === 'boolean' && /^(false|no|off)$/i.test(text)) return 'false';
  return /^(int|number)$/.test(expected) && /^\d+$/.test(text) ? text : undefined;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
    return isMap ? Reflect.get(value, step) : undefined;
  }, root);
}
