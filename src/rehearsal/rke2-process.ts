/** An `rke2 server` or `rke2 agent` that runs, or tries to. */
export interface Rke2Process {
  readonly kind: 'server' | 'agent';
  /** False once it ended: what it had planned does not happen. */
  alive: boolean;
  /** A server whose API and supervisor answer. */
  serving: boolean;
  /** Id of the cluster that it is part of. */
  cluster: string | undefined;
  /** `v1.36.4+rke2r1` */
  readonly version: string;
  /** Ends it with a last line in the journal; systemd starts it again. */
  crash(line: string): void;
}
