import { quoteWord } from './shell-quote.ts';

/** What one read of a batch printed and how it ended. */
export interface BatchedResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A script for `sh -s` that runs the reads one after the other and prints `boundary` after each, with its exit code, on
 * both outputs: no temporary file and no process more than the reads themselves need. The subshell keeps `exit` and `cd`
 * of one read from the next, the empty input keeps a read from eating the script.
 */
export function batchScript(reads: readonly string[], boundary: string): string {
  const frames = reads.map(
    (read) => `( ${read} ) </dev/null; printf '\\n${boundary} %d\\n' "$?"; printf '\\n${boundary}\\n' >&2`,
  );
  return `LC_ALL=C; export LC_ALL\n${frames.join('\n')}\n`;
}

/** The results in the order of the reads; fewer than there were reads where the shell ended early. */
export function batchResults(stdout: Buffer, stderr: Buffer, boundary: string): readonly BatchedResult[] {
  const printed = framesOf(stdout, `\n${boundary} `);
  const complained = framesOf(stderr, `\n${boundary}`);
  return printed.flatMap((frame, index) => {
    const complaint = complained[index];
    if (complaint === undefined) return [];
    return [{ code: Number(frame.label), stdout: frame.content, stderr: complaint.content }];
  });
}

/** A file: a line of mode, owner and kind, then its content. */
export function fileRead(path: string): string {
  const file = quoteWord(path);
  return `stat -L -c '%a %U:%G %F' -- ${file} && cat -- ${file}`;
}

interface Frame {
  readonly content: string;
  /** What stands on the line of the boundary after it. */
  readonly label: string;
}

function framesOf(output: Buffer, boundary: string): readonly Frame[] {
  const frames: Frame[] = [];
  let start = 0;
  for (;;) {
    const end = output.indexOf(boundary, start);
    const lineEnd = end === -1 ? -1 : output.indexOf('\n', end + boundary.length);
    if (lineEnd === -1) return frames;
    frames.push({
      content: output.toString('utf8', start, end),
      label: output.toString('utf8', end + boundary.length, lineEnd),
    });
    start = lineEnd + 1;
  }
}
