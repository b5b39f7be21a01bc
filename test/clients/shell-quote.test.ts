import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellQuote } from '../../src/clients/shell-quote.ts';

const oddWord = fc
  .array(
    fc.constantFrom(...' \t\n\r\'"\\`$!*?[]{}()<>|&;#~=%^-abZ09_/.,:@é☂', '$(id)', '${HOME}', "'\\''", '\u{1F600}'),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const word = fc.oneof(
  oddWord,
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
);

test('the shell hands any words to the program as they are', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (argv) => {
      const stdout = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${shellQuote(argv)}`], { encoding: 'utf8' });
      expect(stdout.split('\0').slice(0, -1)).toEqual(argv);
    }),
    { numRuns: 200 },
  );
});

test('plain words stay readable', () => {
  expect(shellQuote(['systemctl', 'start', '--no-block', 'rke2-server.service'])).toBe(
    'systemctl start --no-block rke2-server.service',
  );
  expect(shellQuote(['df', '--output=avail'])).toBe('df --output=avail');
  expect(shellQuote(['a=b', '~', "it's"])).toBe("'a=b' '~' 'it'\\''s'");
});

test('a NUL, which no program can get, is a bug of the caller', () => {
  expect(() => shellQuote(['a\0b'])).toThrow('NUL');
});
