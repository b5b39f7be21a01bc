/** Without quotes `a=b` as the first word would set a variable; an option may have its `=`. */
const PLAIN_WORD = /^([A-Za-z0-9_@%+:,./-]+|-[A-Za-z0-9_@%+=:,./-]*)$/;

/** The argv as one line for a POSIX shell, which hands exactly these words to the program. No word can hold a NUL. */
export function shellQuote(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** One word: bare where that is safe, in quotes where not. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new Error(`a NUL cannot be passed to a program: ${JSON.stringify(word)}`);
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
