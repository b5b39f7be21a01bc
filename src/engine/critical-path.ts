import type { UnitReport } from './run.ts';
import type { Unit } from './units.ts';

/** The chain of units that made the run as long as it was, first one first. */
export function criticalPath(reports: readonly UnitReport[]): readonly UnitReport[] {
  const ofUnit = new Map<Unit, UnitReport>(reports.map((report) => [report.unit, report]));
  const path: UnitReport[] = [];
  for (let last = lastOf(reports); last; last = lastOf(neededBy(last, ofUnit))) path.unshift(last);
  return path;
}

function neededBy({ unit }: UnitReport, ofUnit: ReadonlyMap<Unit, UnitReport>): readonly UnitReport[] {
  return [...unit.needs.values()].flat().flatMap((need) => ofUnit.get(need) ?? []);
}

function lastOf(reports: readonly UnitReport[]): UnitReport | undefined {
  return reports.reduce<UnitReport | undefined>(
    (last, report) => (last && last.endedAt >= report.endedAt ? last : report),
    undefined,
  );
}
