import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The public key of a machine, as in known_hosts. */
export interface HostKey {
  /** `ssh-ed25519` */
  readonly type: string;
  /** Base64 of the key. */
  readonly key: string;
}

/** What a known_hosts file says of one machine. */
export interface KnownKeys {
  readonly trusted: readonly HostKey[];
  readonly revoked: readonly HostKey[];
}

/**
 * The keys of a machine in the text of a known_hosts file: plain, hashed and wildcard names, `@revoked`.
 * Lines with `@cert-authority` are left out. Form: man sshd, SSH_KNOWN_HOSTS FILE FORMAT.
 */
export function knownKeys(text: string, host: string): KnownKeys {
  const trusted: HostKey[] = [];
  const revoked: HostKey[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [names, type, key] = words;
    if (names === undefined || names.startsWith('#') || type === undefined || key === undefined) continue;
    if (!namesHost(names, host)) continue;
    if (marker === undefined) trusted.push({ type, key });
    if (marker === '@revoked') revoked.push({ type, key });
  }
  return { trusted, revoked };
}

/** The text without the lines of this machine, and with its new key if there is one. Other lines stay as they are. */
export function withHostKey(text: string, host: string, hostKey: HostKey | undefined): string {
  const others = text.split('\n').filter((line) => line !== '' && !namesHost(line.trim().split(/\s+/)[0] ?? '', host));
  const own = hostKey ? [`${host} ${hostKey.type} ${hostKey.key}`] : [];
  return [...others, ...own].map((line) => `${line}\n`).join('');
}

/** The name of a machine in known_hosts: the port is part of it unless it is 22. */
export function knownHostName(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

/** The key as the SSH protocol sends it. Its first field is its type, with the length in four bytes before it (RFC 4253, 6.6). */
export function hostKeyOf(blob: Buffer): HostKey {
  return { type: blob.toString('latin1', 4, 4 + blob.readUInt32BE(0)), key: blob.toString('base64') };
}

/** As `ssh-keygen -lf` prints it: `SHA256:…`. */
export function fingerprint({ key }: HostKey): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

function namesHost(names: string, host: string): boolean {
  const patterns = names.split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1), host))) return false;
  return patterns.some((pattern) => matches(pattern, host));
}

function matches(pattern: string, host: string): boolean {
  const [, version, salt, hash] = pattern.split('|');
  if (version === '1' && salt !== undefined && hash !== undefined) {
    const wanted = Buffer.from(hash, 'base64');
    const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest();
    return wanted.length === found.length && timingSafeEqual(wanted, found);
  }
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(host.toLowerCase());
}
