import { complete } from '../../../src/config/complete.ts';
import { readDocument } from '../../../src/config/document.ts';
import { dotted } from '../../../src/config/finding.ts';
import type { Path } from '../../../src/config/finding.ts';
import { checkForm } from '../../../src/config/form.ts';
import { schemaAt } from '../../../src/config/known-keys.ts';
import type { Rule } from '../../../src/config/rules/rule.ts';
import type { Config } from '../../../src/config/schema.ts';

/** A finding as tests compare it: `level path: message`. */
export function findings(rule: Rule, yaml: string): string[] {
  return [...rule.check(configOf(yaml))].map(({ level = 'error', path, involves = [], message, fix }) => {
    for (const named of [path, ...involves]) mustBeKnown(named);
    if (fix === '') throw new Error(`${rule.id} gives no fix for: ${message}`);
    return `${level} ${dotted(path)}: ${message}`;
  });
}

/** Only what the rule says to do. */
export function fixes(rule: Rule, yaml: string): string[] {
  return [...rule.check(configOf(yaml))].map(({ fix }) => fix);
}

/** The configuration of a text that is right in form, whatever the rules say. */
export function configOf(yaml: string): Config {
  const source = readDocument(yaml);
  const form = checkForm(source.value);
  const faults = [...source.faults, ...form.faults];
  if (faults.length > 0)
    throw new Error(`the test's own text is wrong: ${faults.map(({ message }) => message).join('; ')}`);
  return complete(form.settings, '/lab/config.yaml').config;
}

/** A rule that names a key which the schema does not have would point its reader to nothing. */
function mustBeKnown(path: Path): void {
  const isChartValue = path.slice(0, 3).join('.') === 'features.cilium.values';
  if (!isChartValue && schemaAt(path) === undefined) throw new Error(`no such key: ${dotted(path)}`);
}
