/** `install-metallb` → `installMetallb` */
export function exportName(phase: string): string {
  return phase.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The text of `src/phases/<name>.ts`: it runs, and waits for something that every cluster has. */
export function phaseFile(name: string): string {
  return `import { definePhase } from '../engine/phase.ts';
import { installRke2 } from './install-rke2.ts';

interface Want {
  readonly namespace: string;
}

export const ${exportName(name)} = definePhase({
  name: '${name}',
  title: '${titleOf(name)}',
  scope: 'lab',
  needs: { cluster: installRke2 },
  reads: (): Want => ({ namespace: 'kube-system' }),
  writes: [],
  async plan(lab, { namespace }) {
    const found = await lab.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    return found ? [] : [{ title: \`wait for namespace \${namespace}\` }];
  },
});
`;
}

/** The text of `test/phases/<name>.test.ts`. */
export function phaseTestFile(name: string): string {
  const phase = exportName(name);
  return `import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { runUnits } from '../../src/engine/run.ts';
import { unitsOf } from '../../src/engine/units.ts';
import { ${phase} } from '../../src/phases/${name}.ts';
import { openRehearsal } from '../../src/rehearsal/open.ts';

test('a second run of ${name} changes nothing', async () => {
  const config = parseConfig('', 'config.yaml');
  const { lab } = openRehearsal({ config });
  const run = () => runUnits({ lab, units: unitsOf([${phase}], config), signal: AbortSignal.any([]), onEvent: () => {} });
  expect((await run()).at(-1)?.outcome.state).toBe('done');
  expect((await run()).at(-1)?.outcome).toEqual({ state: 'done', changes: 0 });
});
`;
}

/** `src/phases/index.ts` with one more phase in it. */
export function listedPhase(index: string, name: string): string {
  const phase = exportName(name);
  const imports = index.lastIndexOf('\nimport ');
  const afterImports = index.indexOf('\n', imports + 1) + 1;
  const line = `import { ${phase} } from './${name}.ts';\n`;
  const withImport = index.slice(0, afterImports) + line + index.slice(afterImports);
  return withImport.replace(/\n\];/, `\n  ${phase},\n];`);
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
