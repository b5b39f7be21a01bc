/** Where and how to log in to a machine. */
export interface SshTarget {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Path of the private key on the operator's computer. */
  readonly key: string;
  /** The lab's known_hosts. */
  readonly knownHosts: string;
  /** The operator's own known_hosts, read for machines that exist already. */
  readonly personalKnownHosts: string;
  /** Fingerprint from config.yaml, `SHA256:…`. */
  readonly hostKey?: string;
  /** True for machines that the lab makes itself: the key shown first is pinned. */
  readonly trustFirst: boolean;
}

/** Name and address for messages: `dev-s1 (root@192.168.123.50:22)`. */
export function hostName({ name, user, address, port }: SshTarget): string {
  return `${name} (${user}@${address}:${port})`;
}

/** What to type to log in by hand, with the same key and the same pins. */
export function loginCommand({ key, knownHosts, port, user, address }: SshTarget): string {
  return `ssh -i ${key} -o UserKnownHostsFile=${knownHosts} -p ${port} ${user}@${address}`;
}
