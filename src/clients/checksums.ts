/** The SHA-256 of a file in the text of a checksum file (lines `<sha256>  <file>`), or undefined where it is not listed. */
export function checksumOf(text: string, file: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, digest, name] = /^([0-9a-fA-F]{64})[ \t]+\*?(.+?)\s*$/.exec(line) ?? [];
    if (digest !== undefined && name !== undefined && name.replace(/^.*\//, '') === file) return digest.toLowerCase();
  }
  return undefined;
}
