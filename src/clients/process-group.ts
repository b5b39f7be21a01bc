import type { Options } from 'execa';

/** Seconds between the request to end and the order to. */
const GRACE_SECONDS = 60;

export interface GroupCommand {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends it: interrupted, as by Ctrl-C, and killed a minute later. */
  readonly signal: AbortSignal;
  /** Gets each line of standard output at once. */
  readonly onLine: (line: string) => void;
}

export interface GroupEnd {
  /** undefined where there is no such program. */
  readonly code: number | undefined;
  readonly stderr: string;
}

/** Runs a program in a process group of its own, so that its end is the end of all that it started. */
export async function runGroup({
  argv: [program, ...args],
  cwd,
  env,
  signal,
  onLine,
}: GroupCommand): Promise<GroupEnd> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const options = { cwd, env, stdin: 'ignore', detached: true, reject: false } satisfies Options;
  const child = execa(program, args, options);
  let killing: NodeJS.Timeout | undefined;
  const end = () => {
    send(child.pid, 'SIGINT');
    killing = setTimeout(() => send(child.pid, 'SIGKILL'), GRACE_SECONDS * 1000);
    // Others of the group may not heed the interrupt, and would keep its output open.
    child.nodeChildProcess.once('exit', () => send(child.pid, 'SIGKILL'));
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    for await (const line of child) onLine(line);
    const { code, exitCode, signal: killer, stderr } = await child;
    if (code === 'ENOENT') return { code: undefined, stderr };
    return killer
      ? { code: 1, stderr: `${stderr}\n${program} was ended by ${killer}` }
      : { code: exitCode ?? 1, stderr };
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(killing);
  }
}

function send(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}
