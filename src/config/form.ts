import type { z } from 'zod';
import { formFaults } from './form-faults.ts';
import type { FormFault } from './form-faults.ts';
import { isPlainMap, withoutEmptyKeys } from './known-keys.ts';
import { configSchema } from './schema.ts';
import type { Settings } from './schema.ts';

export interface Form {
  /** With the default in place of everything that has a fault. */
  readonly settings: Settings;
  readonly faults: readonly FormFault[];
}

/** Holds the values of config.yaml against the schema. */
export function checkForm(value: unknown): Form {
  const given = withoutEmptyKeys(value ?? {});
  let rest = given;
  let faults: FormFault[] | undefined;
  // A key that must be there is mended by taking out the map that lacks it, so each round goes up one level.
  for (;;) {
    const { data, error } = configSchema.safeParse(rest);
    if (data !== undefined) return { settings: data, faults: faults ?? [] };
    faults ??= error.issues.flatMap((issue) => formFaults(issue, given));
    rest = error.issues.reduce(mend, rest);
  }
}

function mend(value: unknown, issue: z.core.$ZodIssue): unknown {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return keys.reduce((rest, path) => without(rest, path) ?? {}, value);
}

/** The value without what is at `path`, or, where that is in a list or missing, without the map around it. */
function without(value: unknown, path: readonly PropertyKey[]): unknown {
  const [key, ...below] = path;
  if (!isPlainMap(value) || typeof key !== 'string' || !Object.hasOwn(value, key)) return undefined;
  const child = without(value[key], below);
  const others = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(child === undefined ? others : [...others, [key, child]]);
}
