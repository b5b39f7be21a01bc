import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError, LabError } from '../engine/errors.ts';
import type { ConfigFault } from '../engine/errors.ts';
import { complete } from './complete.ts';
import { readDocument } from './document.ts';
import type { SourceDocument } from './document.ts';
import { dotted, isRelated } from './finding.ts';
import type { Finding, Path } from './finding.ts';
import { checkForm } from './form.ts';
import type { FormFault } from './form-faults.ts';
import { breaches } from './breaches.ts';
import type { Breach } from './breaches.ts';
import type { Config } from './schema.ts';

/** Reads config.yaml. Throws a LabError where the file cannot be read, a ConfigError with all that is wrong in it. */
export async function loadConfig(file: string): Promise<Config> {
  const path = resolve(file);
  return parseConfig(decoded(await bytesOf(path), path), path);
}

/** The same for a text; `file` is the path that errors and the result name. */
export function parseConfig(text: string, file: string): Config {
  const source = readDocument(text);
  const syntax = source.faults.map((fault) => ({ ...fault, path: dotted(fault.path) }));
  // Without a document there is nothing that the schema could be held against.
  if (source.value === undefined) throw new ConfigError(file, syntax.toSorted(byPlace));
  const form = checkForm(source.value);
  const { config, findings } = complete(form.settings, file);
  const formDoubts = [...source.faults.map(({ path }) => path), ...form.faults.map(({ doubtful }) => doubtful)];
  const unknowns = findings.filter((finding) => !restsOn(finding, formDoubts));
  const doubts = [...formDoubts, ...findings.map(({ path }) => path)];
  const broken = breaches(config).filter(({ finding }) => finding.level !== 'notice' && !restsOn(finding, doubts));
  const faults = [
    ...syntax,
    ...form.faults.map((fault) => formFault(source, fault)),
    ...unknowns.map((finding) => ruleFault(source, { finding })),
    ...broken.map((breach) => ruleFault(source, breach)),
  ];
  if (faults.length > 0) throw new ConfigError(file, faults.toSorted(byPlace));
  return config;
}

function formFault(source: SourceDocument, { path, at, message, fix }: FormFault): ConfigFault {
  const position = at === 'key' ? source.keyPosition(path) : source.valuePosition(path);
  return { path: dotted(path), ...position, message, fix };
}

function ruleFault(source: SourceDocument, { rule, finding }: Partial<Breach> & Pick<Breach, 'finding'>): ConfigFault {
  const place = [finding.path, ...(finding.involves ?? [])].find((path) => source.has(path)) ?? finding.path;
  const message = source.has(finding.path) ? finding.message : `${finding.message} (the default)`;
  const fault = { path: dotted(finding.path), ...source.valuePosition(place), message, fix: finding.fix };
  return rule === undefined ? fault : { ...fault, rule: rule.id, link: rule.link };
}

function restsOn(finding: Finding, doubts: readonly Path[]): boolean {
  return [finding.path, ...(finding.involves ?? [])].some((path) =>
    doubts.some((other) => other.length > 0 && isRelated(path, other)),
  );
}

function byPlace(one: ConfigFault, other: ConfigFault): number {
  return one.line - other.line || one.column - other.column;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing)
      throw new LabError(`could not read ${path}: there is no such file`, 'give its path with --config', { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError(`could not read ${path}: ${reason}`, `ls -l ${path}`, { cause });
  }
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LabError(`could not read ${path}: it is no UTF-8 text`, `iconv -f latin1 -t utf-8 ${path}`, { cause });
  }
}
