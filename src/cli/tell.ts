import { relative } from 'node:path';
import type { ConfigFault } from '../engine/errors.ts';
import type { Trouble } from './trouble.ts';

/** An error as lines: what could not be done, because of what, and how to put it right. */
export function tell(trouble: Trouble, verbose = false): readonly string[] {
  if (trouble.faults) return tellFaults(trouble, trouble.faults);
  const because = [...new Set(trouble.because)].filter((reason) => !trouble.message.includes(reason));
  const lines = [`Error: ${indented(trouble.message)}`, ...because.map((reason) => `  Because: ${indented(reason)}`)];
  if (trouble.fix) lines.push(`  To fix: ${indented(trouble.fix)}`);
  if (trouble.kind === 'bug')
    lines.push('  This is a bug of rke2-lab, not of the lab: please report it with these lines.');
  if (trouble.stack && (verbose || trouble.kind === 'bug')) lines.push(...trouble.stack.split('\n').slice(1));
  return lines;
}

/** Further lines, of a program's own words, stand below the first. */
function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n    ');
}

function tellFaults({ file, message }: Trouble, faults: readonly ConfigFault[]): readonly string[] {
  const shown = relative('.', file ?? 'config.yaml');
  const name = shown.startsWith('..') ? (file ?? shown) : shown;
  return [
    `Error: ${message.replace(file ?? '', name)}`,
    ...faults.flatMap(({ path, line, column, message: what, fix, rule, link }) => [
      `${name}:${line}:${column}  ${path}: ${what}`,
      `  To fix: ${fix}`,
      ...(rule ? [`  Rule: ${[rule, link].filter(Boolean).join('  ')}`] : []),
    ]),
  ];
}
