import { exitCodes } from './trouble.ts';

/** The person's wish to stop, as a signal. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Leaves Ctrl-C to others again. */
  dispose(): void;
}

/** The first Ctrl-C aborts the signal, so that the running step can end in good order; the second ends this program at once. */
export function watchInterrupts(say: (line: string) => unknown): Interrupt {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) {
      // A list that was being drawn has hidden the cursor.
      if (process.stderr.isTTY) process.stderr.write('\u001B[?25h');
      process.exit(exitCodes.stopped);
    }
    stop.abort(new Stopped());
    say('Stopping after the running step; again = at once.');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: stop.signal,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

class Stopped extends Error {
  override readonly name = 'AbortError';
  constructor() {
    super('stopped by Ctrl-C');
  }
}
