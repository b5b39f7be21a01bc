import { readLocalFile } from './local-files.ts';

/** The first is the real one where systemd-resolved puts itself before them. */
const FILES = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** Addresses of the name servers of this computer that machines can ask too; none where it asks only itself. */
export async function nameServers(files: readonly string[] = FILES): Promise<readonly string[]> {
  const texts = await Promise.all(files.map((file) => readLocalFile(file)));
  return texts.map((text) => reachable(text?.content ?? '')).find((found) => found.length > 0) ?? [];
}

/** What systemd-resolved of a machine reads. */
export function resolvedConf(servers: readonly string[]): string {
  return servers.length === 0 ? '' : `[Resolve]\nDNS=${servers.join(' ')}\n`;
}

function reachable(text: string): readonly string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)]
    .flatMap(([, address]) => address ?? [])
    .filter((address) => !address.startsWith('127.'));
}
