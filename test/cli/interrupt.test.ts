import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src/cli/interrupt.ts');

/** A program that works until it is stopped, and then needs `forever` or no time to end. */
function program(end: 'soon' | 'never') {
  const script = `
    const { watchInterrupts } = await import(${JSON.stringify(source)});
    const busy = setInterval(() => {}, 1000);
    const { signal } = watchInterrupts((line) => console.log(line));
    signal.addEventListener('abort', () => {
      console.log('aborted: ' + signal.reason.name);
      if (${JSON.stringify(end)} === 'soon') clearInterval(busy);
    });
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value, ended: once(child, 'exit') };
}

describe('Ctrl-C', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)(
    'aborts the signal and says so, so that the program can end by itself (%s)',
    async (name) => {
      const { child, next, ended } = program('soon');
      expect(await next()).toBe('ready');
      child.kill(name);
      expect(new Set([await next(), await next()])).toEqual(
        new Set(['aborted: AbortError', 'Stopping after the running step; again = at once.']),
      );
      expect(await ended).toEqual([0, null]);
    },
  );

  test('a second time ends the program at once, with exit code 130', async () => {
    const { child, next, ended } = program('never');
    await next();
    child.kill('SIGINT');
    await next();
    await next();
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });
});
