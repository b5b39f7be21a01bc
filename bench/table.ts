import type { Row, Table } from './benchmark.ts';
import { median } from './samples.ts';

const HEAD = ['median', 'from - to', 'runs', 'limit', 'against'];

/** The table as lines of text, columns in line. */
export function tableLines({ title = '', rows }: Table): readonly string[] {
  const head = [title, ...HEAD];
  const cells = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  );
}

function padded(cell: string, width: number, column: number): string {
  return column === 0 || column === HEAD.length ? cell.padEnd(width) : cell.padStart(width);
}

function cellsOf({ what, unit, samples, limit, against = [] }: Row): readonly string[] {
  const middle = median(samples);
  return [
    what,
    amount(middle, unit),
    `${amount(Math.min(...samples), unit)} - ${amount(Math.max(...samples), unit)}`,
    String(samples.length),
    limit === undefined ? '' : `${middle <= limit ? 'ok' : 'OVER'} <= ${limit} ${unit}`,
    against.map((other) => `${comparison(middle, median(other.samples))} ${other.what}`).join('; '),
  ];
}

function amount(value: number, unit: Row['unit']): string {
  return unit === 's' ? `${value.toFixed(value < 1 ? 3 : 2)} s` : `${value.toFixed(0)} MB`;
}

function comparison(own: number, other: number): string {
  return own < other ? `${(other / own).toFixed(1)} times as fast as` : `${(own / other).toFixed(2)} times the time of`;
}
