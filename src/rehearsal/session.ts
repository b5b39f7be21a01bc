import { LabError } from '../engine/errors.ts';
import type { World } from './world.ts';

/** What one program changed: `where` is a machine's name, `host`, `provider` or `artefacts`; `what` is spelt as in `Phase.writes`. */
export interface Write {
  readonly where: string;
  readonly what: string;
}

/** Thrown by everything once the rehearsed program is killed: nothing is done any more on its behalf. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** One life of the program: from its start until it ends or is killed. The world lives on. */
export interface Session {
  readonly world: World;
  /** Aborted when the program is killed. */
  readonly killed: AbortSignal;
  /** Time that passes for the program. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
  /** Does a write and counts it; after the one that was to be the last, the program is dead, though the write is done. */
  write<T>(write: Write, act: () => Promise<T>): Promise<T>;
  kill(): void;
}

interface NewSession {
  readonly world: World;
  /** Called after every write, with its number in this session. */
  readonly onWrite: (write: Write, count: number, session: Session) => void;
}

export function newSession({ world, onWrite }: NewSession): Session {
  const killer = new AbortController();
  let count = 0;
  const session: Session = {
    world,
    killed: killer.signal,
    wait: (seconds, signal) =>
      world.clock.wait(seconds, signal ? AbortSignal.any([killer.signal, signal]) : killer.signal),
    write: async (write, act) => {
      killer.signal.throwIfAborted();
      const isOver = () => {
        // What was still going on when the program was killed is not done by it.
        killer.signal.throwIfAborted();
        count += 1;
        onWrite(write, count, session);
        killer.signal.throwIfAborted();
      };
      try {
        const result = await act();
        isOver();
        return result;
      } catch (error) {
        // One that failed may have changed something all the same; a bug has not.
        if (error instanceof LabError) isOver();
        throw error;
      }
    },
    kill: () => killer.abort(new Killed(`the program was killed after ${count} writes`)),
  };
  return session;
}
