import type { Clock } from '../lab.ts';
import { abortable } from './abortable.ts';
import type { Connection } from './ssh-connection.ts';
import { ChannelRefused, tooFewSessions } from './ssh-errors.ts';
import { execute, type Ended, type Exec } from './ssh-exec.ts';
import type { SshTarget } from './ssh-target.ts';

/** sshd takes ten sessions a connection unless its MaxSessions says otherwise; some are left for what else uses it. */
const CHANNELS = 8;

/** Seconds before the next tries: a program whose channel we closed holds its session until it ends. */
const WAITS = [0.1, 0.3, 1, 2];

export interface ChannelsOptions {
  readonly target: SshTarget;
  readonly connection: Connection;
  readonly clock: Clock;
}

/**
 * Runs commands over the machine's connection, as many at once as its sshd takes. A command that was refused a channel
 * was not started, so it is tried again, whatever it does: after one of ours ended, or, where there is none, after a
 * while, some times.
 */
export function sshChannels({ target, connection, clock }: ChannelsOptions): (exec: Exec) => Promise<Ended> {
  const lane = shrinkingLane(CHANNELS);
  const attempt = async (exec: Exec, waited: number): Promise<Ended> => {
    try {
      return await execute(await abortable(connection.open(), exec.signal), exec);
    } catch (error) {
      if (!(error instanceof ChannelRefused)) throw error;
      if (await lane.giveWay()) return await attempt(exec, waited);
      const seconds = WAITS[waited];
      if (seconds === undefined) throw tooFewSessions(target, error);
      await clock.wait(seconds, exec.signal);
      return await attempt(exec, waited + 1);
    }
  };
  return async (exec) => {
    await lane.enter();
    try {
      return await attempt(exec, 0);
    } finally {
      lane.leave();
    }
  };
}

interface Lane {
  enter(): Promise<void>;
  leave(): void;
  /**
   * There is no room for all that are inside: one less from now on, and the caller waits, first in line, for another to
   * leave. False where the caller is alone.
   */
  giveWay(): Promise<boolean>;
}

function shrinkingLane(count: number): Lane {
  const line: (() => void)[] = [];
  let limit = count;
  let inside = 0;
  const admit = () => {
    const next = inside < limit ? line.shift() : undefined;
    if (!next) return;
    inside += 1;
    next();
  };
  return {
    async enter() {
      const admitted = Promise.withResolvers<void>();
      line.push(admitted.resolve);
      admit();
      await admitted.promise;
    },
    leave() {
      inside -= 1;
      admit();
    },
    async giveWay() {
      if (inside === 1) return false;
      inside -= 1;
      limit = inside;
      const admitted = Promise.withResolvers<void>();
      line.unshift(admitted.resolve);
      await admitted.promise;
      return true;
    },
  };
}
