import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A mirror on loopback: files by path, requests written down. */
export interface FileMirror {
  readonly url: string;
  readonly files: Map<string, string>;
  /** `path` or `path from N`. */
  readonly requests: string[];
  /** Answers in the place of the mirror, once; false = let the mirror answer. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export async function fileMirror(): Promise<FileMirror> {
  const mirror = {
    url: '',
    files: new Map<string, string>(),
    requests: [] as string[],
    interfere: () => false,
  } satisfies FileMirror as FileMirror;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    mirror.requests.push(from > 0 ? `${path} from ${from}` : path);
    if (mirror.interfere(request, response)) return;
    const content = mirror.files.get(path);
    if (content === undefined) response.writeHead(404).end();
    else if (from === 0) response.end(content);
    else if (from >= content.length) response.writeHead(416).end();
    else
      response
        .writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` })
        .end(content.slice(from));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(mirror, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
