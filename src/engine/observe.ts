import type { Kube, Lab, Scope } from '../lab.ts';

const FIRST_POLL_SECONDS = 1;
const POLL_GROWTH = 1.5;
const SLOWEST_POLL_SECONDS = 10;
/** A watch that is silent for so long is not believed: look again. */
const RESYNC_SECONDS = 60;

/** A lab that remembers what was read through it, so that a wait ends when something of that changes. */
export interface Observation {
  readonly lab: Lab;
  /** Resolves when something read has changed or, where there is no watch, after a while that grows with `attempt`. `wake` ends it too. */
  changed(attempt: number, signal: AbortSignal, wake: Promise<void>): Promise<void>;
  /** Ends the watches. */
  stop(): void;
}

export function observe(lab: Lab): Observation {
  const change = Promise.withResolvers<void>();
  const watches = new Map<string, () => void>();
  const state = { polled: false, stopped: false };
  const follow = (scope: Scope) => {
    const key = [scope.apiVersion, scope.kind, scope.namespace, scope.name].join('/');
    if (!state.stopped && !watches.has(key)) watches.set(key, lab.kube.watch(scope, change.resolve));
  };
  return {
    lab: following(lab, follow, () => {
      state.polled = true;
    }),
    async changed(attempt, signal, wake) {
      const timer = new AbortController();
      const seconds = state.polled ? pollSeconds(attempt) : RESYNC_SECONDS;
      const timeout = lab.clock.wait(seconds, AbortSignal.any([signal, timer.signal]));
      try {
        await Promise.race([change.promise, timeout, wake]);
      } finally {
        timeout.catch(() => {});
        timer.abort();
      }
      signal.throwIfAborted();
    },
    stop() {
      state.stopped = true;
      for (const end of watches.values()) end();
    },
  };
}

function pollSeconds(attempt: number): number {
  return Math.min(FIRST_POLL_SECONDS * POLL_GROWTH ** attempt, SLOWEST_POLL_SECONDS);
}

/** The same lab; what has a watch is followed before it is read, so that no change falls between. */
function following(lab: Lab, follow: (scope: Scope) => void, polled: () => void): Lab {
  const kube: Kube = {
    get: (scope) => {
      follow(scope);
      return lab.kube.get(scope);
    },
    list: (scope) => {
      follow(scope);
      return lab.kube.list(scope);
    },
    remove: (object) => lab.kube.remove(object),
    watch: (scope, onChange) => lab.kube.watch(scope, onChange),
  };
  return {
    name: lab.name,
    directory: lab.directory,
    userKubeconfig: lab.userKubeconfig,
    clock: lab.clock,
    kube,
    newSecret: () => lab.newSecret(),
    get host() {
      polled();
      return lab.host;
    },
    get provider() {
      polled();
      return lab.provider;
    },
    get artefacts() {
      polled();
      return lab.artefacts;
    },
    machine: (name) => {
      polled();
      return lab.machine(name);
    },
  };
}
