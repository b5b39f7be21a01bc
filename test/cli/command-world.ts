import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runCommand, type World } from '../../src/cli/main.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Lab } from '../../src/lab.ts';
import { phases } from '../../src/phases/index.ts';
import { openRehearsal } from '../../src/rehearsal/open.ts';

/** A person at a command line whose lab is in memory; only the lock and the lab's folder are real, in a folder of its own. */
export interface CommandWorld {
  /** Folder of config.yaml. */
  readonly folder: string;
  readonly stop: AbortController;
  /** What the person answers; undefined = there is no terminal. */
  answer: boolean | undefined;
  type(...argv: string[]): Promise<Typed>;
}

export interface Typed {
  readonly exit: number;
  /** Lines of stdout. */
  readonly out: readonly string[];
  /** Lines of stderr. */
  readonly err: readonly string[];
}

interface WorldWanted {
  readonly config?: string;
  readonly fault?: string;
  /** Another lab than the rehearsal's. */
  readonly lab?: (lab: Lab) => Lab;
  readonly phases?: World['phases'];
}

export function commandWorld(wanted: WorldWanted = {}): CommandWorld {
  const text = wanted.config ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'rke2-lab-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, text);
  const stop = new AbortController();
  const rehearsal = openRehearsal({
    config: parseConfig(wanted.lab || !isGood(text) ? '' : text, file),
    fault: wanted.fault,
  });
  const world: CommandWorld = {
    folder,
    stop,
    answer: undefined,
    type: async (...argv) => {
      const out: string[] = [];
      const err: string[] = [];
      const asked: World = {
        screen: {
          isTerminal: world.answer !== undefined,
          isDrawn: false,
          print: (line) => out.push(...line.split('\n')),
          complain: (line) => err.push(...line.split('\n')),
          ask: async () => world.answer === true,
        },
        signal: stop.signal,
        phases: wanted.phases ?? (async () => phases),
        openLab: async () => {
          const lab = rehearsal.revive();
          return { lab: wanted.lab ? wanted.lab(lab) : lab, close: async () => {} };
        },
      };
      return { exit: await runCommand([...argv, '--config', file], asked), out, err };
    },
  };
  return world;
}

function isGood(text: string): boolean {
  try {
    parseConfig(text, 'config.yaml');
    return true;
  } catch {
    return false;
  }
}
