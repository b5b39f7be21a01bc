import { configJsonSchema } from '../config/json-schema.ts';
import type { AnyPhase } from '../engine/phase.ts';

/** A file, or the part of one, that follows from the source. */
export interface GeneratedFile {
  /** From the project's folder. */
  readonly path: string;
  /** The new text; what is not generated stays as it was. */
  content(old: string): string;
}

export function generatedFiles(phases: readonly AnyPhase[]): readonly GeneratedFile[] {
  return [
    { path: 'config.schema.json', content: () => configJsonSchema() },
    { path: 'README.md', content: (old) => between(old, 'phases', phaseTable(phases)) },
  ];
}

/** The phases as a Markdown table. */
export function phaseTable(phases: readonly AnyPhase[]): string {
  const rows = phases.map(({ name, title, scope, needs, writes }) => [
    `\`${name}\``,
    scope === 'machine' ? `${title} (each on its own)` : title,
    namesOf(needs).join(', ') || '–',
    writes.map((pattern) => `\`${pattern}\``).join(' ') || 'nothing',
  ]);
  return [['phase', 'does', 'after', 'may change'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function namesOf(needs: AnyPhase['needs']): readonly string[] {
  return Object.values<AnyPhase>(needs).map(({ name }) => `\`${name}\``);
}

function between(text: string, mark: string, generated: string): string {
  const [start, end] = [`<!-- ${mark}: npm run docs -->`, `<!-- end of ${mark} -->`];
  const [first, last] = [text.indexOf(start), text.indexOf(end)];
  if (first < 0 || last < first) throw new Error(`the marks "${start}" and "${end}" are not in the file`);
  return `${text.slice(0, first + start.length)}\n\n${generated}\n\n${text.slice(last)}`;
}
