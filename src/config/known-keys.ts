import { z } from 'zod';
import type { Path } from './finding.ts';
import { configSchema } from './schema.ts';

type Schema = z.core.$ZodType;
type PlainMap = Readonly<Record<string, unknown>>;

/** The keys that the schema has for the map at `path`; none where it is no map of fixed keys. */
export function knownKeys(path: Path): string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The schema of the value at `path`, defaults taken off; undefined where there is no such key. */
export function schemaAt(path: Path): Schema | undefined {
  return path.reduce<Schema | undefined>((schema, step) => {
    if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, step) ? bare(schema.shape[step]) : undefined;
    if (schema instanceof z.ZodRecord) return bare(schema.valueType);
    return schema instanceof z.ZodArray && typeof step === 'number' ? bare(schema.element) : undefined;
  }, configSchema);
}

/** Takes out keys with nothing after the colon, where the schema knows the key: they have their default. */
export function withoutEmptyKeys(value: unknown, schema: Schema = configSchema): unknown {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => withoutEmptyKeys(item, inner.element));
  if (!isPlainMap(value)) return value;
  if (inner instanceof z.ZodRecord) return mapped(value, (child) => withoutEmptyKeys(child, inner.valueType));
  if (!(inner instanceof z.ZodObject)) return value;
  const isKnown = (key: string) => Object.hasOwn(inner.shape, key);
  const kept = Object.entries(value).filter(([key, child]) => child !== null || !isKnown(key));
  return mapped(Object.fromEntries(kept), (child, key) =>
    isKnown(key) ? withoutEmptyKeys(child, inner.shape[key]) : child,
  );
}

export function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(map: PlainMap, change: (child: unknown, key: string) => unknown): PlainMap {
  return Object.fromEntries(Object.entries(map).map(([key, child]) => [key, change(child, key)]));
}

function bare(schema: Schema): Schema {
  const isWrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? bare(schema.unwrap()) : schema;
}
