#!/usr/bin/env node
import { $ } from 'zx';

/** What every commit passes; the fastest last word is `npm run fix`. */
const checks = {
  types: 'tsc -p .',
  lint: 'oxlint',
  format: 'oxfmt --check',
  unused: 'knip',
  tests: 'vitest run',
  docs: 'node scripts/docs.ts --plan',
};

const sh = $({ cwd: `${import.meta.dirname}/..`, preferLocal: true, quiet: true, nothrow: true });

const results = await Promise.all(
  Object.entries(checks).map(async ([name, command]) => {
    const start = performance.now();
    const result = await sh`${command.split(' ')}`;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${result.ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(6)}  ${seconds.padStart(5)}s  ${command}`);
    return { command, result };
  }),
);

const failed = results.filter(({ result }) => !result.ok);
for (const { command, result } of failed) console.log(`\n== ${command}\n${result.stdall.trim()}`);
process.exitCode = failed.length === 0 ? 0 : 1;
