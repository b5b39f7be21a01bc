import { criticalPath } from '../../engine/critical-path.ts';
import type { AnyPhase } from '../../engine/phase.ts';
import type { UnitReport } from '../../engine/run.ts';
import { columns } from '../columns.ts';
import { countText } from '../show/outcome-text.ts';
import { secondsText } from '../show/seconds-text.ts';
import { phaseNames } from '../state.ts';

interface Column {
  readonly title: string;
  of(phase: AnyPhase): string;
}

/** The closing table: a line a phase. */
export function summaryTable(reports: readonly UnitReport[], more?: Column): readonly string[] {
  const byPhase = Map.groupBy(reports, ({ unit }) => unit.phase);
  const rows = [...byPhase].map(([phase, group]) => {
    const steps = group.reduce((sum, { outcome }) => sum + ('changes' in outcome ? outcome.changes : 0), 0);
    return [
      phase.name,
      stateOf(group),
      secondsText(spanOf(group)),
      countText(steps, 'step'),
      ...(more ? [more.of(phase)] : []),
    ];
  });
  return columns([['PHASE', 'STATE', 'TIME', 'CHANGED', ...(more ? [more.title] : [])], ...rows]);
}

/** `check-host 0.1s → create-machines 41.0s → …`: what to make faster to make the run faster. */
export function criticalPathText(reports: readonly UnitReport[]): string {
  const steps = criticalPath(reports).map(
    ({ unit, startedAt, endedAt }) => `${unit.name} ${secondsText(endedAt - startedAt)}`,
  );
  return `Critical path: ${steps.join(' → ')}`;
}

/** Seconds from the start of the first to the end of the last of them. */
export function spanOf(reports: readonly UnitReport[]): number {
  if (reports.length === 0) return 0;
  return Math.max(...reports.map(({ endedAt }) => endedAt)) - Math.min(...reports.map(({ startedAt }) => startedAt));
}

const worstFirst = ['failed', 'stopped', 'skipped', 'done', 'off'] as const;

function stateOf(group: readonly UnitReport[]): string {
  const worst = worstFirst.find((state) => group.some(({ outcome }) => outcome.state === state)) ?? 'off';
  const because = group.flatMap(({ outcome }) => (outcome.state === 'skipped' ? outcome.because : []));
  if (worst === 'skipped') return `left out (${phaseNames(because).join(', ')})`;
  return worst === 'done' ? 'in place' : worst;
}
