/** The known word that a misspelt one most likely stands for; of two as near, one of the same length. undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const farthest = Math.max(2, Math.floor(word.length / 3));
  const near = known
    .map((candidate) => ({
      candidate,
      edits: distance(word.toLowerCase(), candidate.toLowerCase()),
      longer: Math.abs(candidate.length - word.length),
    }))
    // Short words are few edits from anything: two letters at the least must be the same.
    .filter(({ candidate, edits }) => edits <= farthest && edits < Math.max(word.length, candidate.length) - 1)
    .toSorted((one, other) => one.edits - other.edits || one.longer - other.longer);
  return near[0]?.candidate;
}

/** Edits from one word to another: letters put in, taken out, changed, or two neighbours swapped (optimal string alignment). */
export function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const changed = at(row, column - 1) + (from[line - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      const swapped = line > 1 && column > 1 && isSwap ? at(before, column - 2) + 1 : Infinity;
      next.push(Math.min(changed, swapped, at(row, column) + 1, at(next, column - 1) + 1));
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
