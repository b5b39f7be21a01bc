import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';

/** A mirror of RKE2's releases on loopback. */
export interface Mirror {
  readonly url: string;
  /** How often each file was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  /** The file whose last byte is wrong from now on; undefined = none. */
  spoil(file: string | undefined): void;
  close(): void;
}

export async function openMirror(folder: string): Promise<Mirror> {
  const asked = new Map<string, number>();
  let spoilt: string | undefined;
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://mirror').pathname));
    const file = path.split('/').at(-1) ?? '';
    asked.set(file, (asked.get(file) ?? 0) + 1);
    void send(response, join(folder, path), file === spoilt);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the mirror has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    spoil: (file) => {
      spoilt = file;
    },
    close: () => server.close(),
  };
}

async function send(response: ServerResponse, path: string, isSpoilt: boolean): Promise<void> {
  const content = await readFile(path).catch(() => undefined);
  if (!content) {
    response.writeHead(404).end('no such file\n');
    return;
  }
  if (isSpoilt) content.writeUInt8(content.at(-1) === 33 ? 34 : 33, content.length - 1);
  response.writeHead(200, { 'content-length': content.length }).end(content);
}
