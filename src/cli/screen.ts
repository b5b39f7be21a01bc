import { createInterface } from 'node:readline/promises';

/** The terminal, or the file or pipe in its place. */
export interface Screen {
  /** True where lines may be drawn over, and a person can answer. */
  readonly isTerminal: boolean;
  /** True while a list is drawn over and over: other lines would come only after it. */
  isDrawn: boolean;
  /** A line of the result. */
  print(line: string): void;
  /** A line about the run: errors, notices. */
  complain(line: string): void;
  /** True for `yes`. Only where `isTerminal`. */
  ask(question: string, signal: AbortSignal): Promise<boolean>;
}

/** stdout and stderr of this process. */
export function processScreen(): Screen {
  // A reader that has seen enough (`… | head`) is no error.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return {
    // A terminal without a width cannot be drawn on.
    isTerminal: process.stdout.isTTY && process.stdin.isTTY && process.stdout.columns > 0,
    isDrawn: false,
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    async ask(question, signal) {
      const reader = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return /^y(es)?$/i.test((await reader.question(`${question} (yes/no) `, { signal })).trim());
      } finally {
        reader.close();
      }
    },
  };
}
