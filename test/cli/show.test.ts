import { describe, expect, test, vi } from 'vitest';
import { secondsText } from '../../src/cli/show/seconds-text.ts';
import { showLines } from '../../src/cli/show/lines.ts';
import { columns } from '../../src/cli/columns.ts';
import { LabError } from '../../src/engine/errors.ts';
import type { Event } from '../../src/engine/events.ts';
import { unitsOf } from '../../src/engine/units.ts';
import { filesPhase, machinePhase, twoMachines } from '../engine/tiny-lab.ts';

function shown() {
  const lines: string[] = [];
  const screen = {
    isTerminal: false,
    isDrawn: false,
    print: (line: string) => void lines.push(line),
    complain: () => {},
    ask: async () => false,
  };
  return { lines, show: showLines(screen, 100) };
}

const [, agent] = unitsOf([machinePhase('prepare', async () => [])], twoMachines);
const [lab] = unitsOf([filesPhase({ name: 'fetch' })], twoMachines);

describe('without a terminal', () => {
  test('each event is one line with the seconds since the start, and the unit', () => {
    const { lines, show } = shown();
    const events: Event[] = [
      { type: 'started', at: 100, unit: agent! },
      { type: 'step-started', at: 101, unit: agent!, title: 'set the sysctls on dev-a1' },
      { type: 'step-done', at: 112.34, unit: agent!, title: 'set the sysctls on dev-a1', seconds: 11.34 },
      { type: 'waiting', at: 113, unit: lab!, missing: [{ title: 'wait for a' }, { title: 'wait for b' }] },
      { type: 'ended', at: 300, unit: agent!, outcome: { state: 'done', changes: 1 } },
      {
        type: 'ended',
        at: 301,
        unit: lab!,
        outcome: { state: 'failed', changes: 0, error: new LabError('no disk', 'df') },
      },
      { type: 'ended', at: 302, unit: lab!, outcome: { state: 'off' } },
    ];
    for (const event of events) show.onEvent(event);
    expect(lines).toEqual([
      '   12.3s  prepare dev-a1  set the sysctls on dev-a1 … done (11.3s)',
      '   13.0s  fetch  waiting: wait for a; wait for b',
      '   3m20s  prepare dev-a1  done, 1 step',
      '   3m21s  fetch  FAILED: no disk',
    ]);
  });

  test('a step that takes long has a line when it starts, too', () => {
    vi.useFakeTimers();
    const { lines, show } = shown();
    show.onEvent({ type: 'step-started', at: 101, unit: agent!, title: 'install' });
    vi.advanceTimersByTime(1900);
    expect(lines).toEqual([]);
    vi.advanceTimersByTime(200);
    show.onEvent({ type: 'step-done', at: 104, unit: agent!, title: 'install', seconds: 3 });
    vi.advanceTimersByTime(5000);
    vi.useRealTimers();
    expect(lines).toEqual(['    1.0s  prepare dev-a1  install …', '    4.0s  prepare dev-a1  install … done (3.0s)']);
  });
});

test('seconds are written short', () => {
  expect([0.04, 12.345, 99.96, 185, 3600].map(secondsText)).toEqual(['0.0s', '12.3s', '1m40s', '3m05s', '60m00s']);
});

test('columns are as wide as their widest cell, and lines end without blanks', () => {
  expect(
    columns([
      ['a', 'long', ''],
      ['bcd', 'x'],
    ]),
  ).toEqual(['a    long', 'bcd  x']);
});
