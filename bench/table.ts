import type { Row } from './benchmark.ts';
import { median } from './samples.ts';

const HEAD = ['', 'median', 'from - to', 'runs', 'limit', 'against'];

/** The rows as lines of text, columns in line. */
export function tableLines(rows: readonly Row[]): readonly string[] {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => padded(cell, widths[column] ?? 0, column)).join('  ').trimEnd());
}

function padded(cell: string, width: number, column: number): string {
  return column === 0 || column === HEAD.length - 1 ? cell.padEnd(width) : cell.padStart(width);
}

function cellsOf({ what, unit, samples, limit, against }: Row): readonly string[] {
  const middle = median(samples);
  return [
    what,
    amount(middle, unit),
    `${amount(Math.min(...samples), unit)} - ${amount(Math.max(...samples), unit)}`,
    String(samples.length),
    limit === undefined ? '' : `${middle <= limit ? 'ok' : 'OVER'} <= ${limit} ${unit}`,
    against ? `${comparison(middle, median(against.samples))} ${against.what}` : '',
  ];
}

function amount(value: number, unit: Row['unit']): string {
  return unit === 's' ? `${value.toFixed(value < 1 ? 3 : 2)} s` : `${value.toFixed(0)} MB`;
}

function comparison(own: number, other: number): string {
  return own < other ? `${(other / own).toFixed(1)} times as fast as` : `${(own / other).toFixed(2)} times the time of`;
}
