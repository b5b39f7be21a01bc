import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artefactCache } from '../../src/clients/artefacts.ts';
import { LabError } from '../../src/engine/errors.ts';
import { fileMirror, type FileMirror } from './file-mirror.ts';
import { instantClock } from './instant-clock.ts';
import { failure } from './ssh-lab.ts';
import { temporaryFolder } from './temporary-folder.ts';

const release = 'v1.36.4+rke2r1';
const file = 'rke2.linux-amd64.tar.gz';
const content = '0123456789'.repeat(100_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const base = '/v1.36.4%2Brke2r1';

async function cacheOn(mirror: FileMirror, directory = temporaryFolder()) {
  mirror.files.set(`${base}/${file}`, content);
  mirror.files.set(`${base}/sha256sum-amd64.txt`, `${'0'.repeat(64)}  other\n${sha256}  ${file}\n`);
  const clock = instantClock();
  const open = () => artefactCache({ directory, mirror: mirror.url, architecture: 'amd64', clock });
  return { directory, folder: join(directory, release), clock, open, cache: open() };
}

test('a file is downloaded once, verified, and found without the mirror from then on', async () => {
  const mirror = await fileMirror();
  const { cache, folder, open } = await cacheOn(mirror);
  expect(await cache.find(release, file)).toBeUndefined();
  await cache.fetch(release, file);
  const artefact = { file, path: join(folder, file), sha256, size: content.length };
  expect(await cache.find(release, file)).toEqual(artefact);
  expect(readFileSync(artefact.path, 'utf8') === content).toBe(true);
  await cache.fetch(release, file);
  expect(await open().find(release, file)).toEqual(artefact);
  expect(mirror.requests).toEqual([`${base}/sha256sum-amd64.txt`, `${base}/${file}`]);
  expect(readdirSync(folder).toSorted()).toEqual([file, `${file}.sha256-ok`, 'sha256sum-amd64.txt']);
});

test('two downloads of one file at once are one', async () => {
  const mirror = await fileMirror();
  const { cache } = await cacheOn(mirror);
  await Promise.all([cache.fetch(release, file), cache.fetch(release, file)]);
  expect(mirror.requests).toHaveLength(2);
});

test('a download that was broken off goes on from where it stopped', async () => {
  const mirror = await fileMirror();
  const { cache, clock } = await cacheOn(mirror);
  let cuts = 1;
  mirror.interfere = ({ url }, response) => {
    if (url !== `${base}/${file}` || cuts-- <= 0) return false;
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.slice(0, 300_000), () => response.destroy());
    return true;
  };
  await cache.fetch(release, file);
  expect(mirror.requests.at(-1)).toMatch(/ from \d+$/);
  expect(clock.waits).toEqual([1]);
  expect((await cache.find(release, file))?.sha256).toBe(sha256);
});

test('a run goes on with the part that an ended run left, and starts anew where the mirror cannot', async () => {
  const mirror = await fileMirror();
  const { cache, folder, directory } = await cacheOn(mirror);
  await cache.fetch(release, file);
  for (const ranges of [true, false]) {
    const again = await cacheOn(mirror, directory);
    again.cache = again.open();
    writeFileSync(join(folder, file), 'damaged');
    writeFileSync(join(folder, `${file}.part`), content.slice(0, 500_000));
    writeFileSync(join(folder, `${file}.part.999999999`), content.slice(0, 600_000));
    mirror.interfere = (_request, response) => !ranges && response.end(content) !== undefined;
    await again.cache.fetch(release, file);
    expect(mirror.requests.at(-1)).toBe(`${base}/${file} from 600000`);
    expect((await again.cache.find(release, file))?.sha256).toBe(sha256);
  }
});

test('a part that another run is writing is not touched', async () => {
  const mirror = await fileMirror();
  const { cache, folder, directory } = await cacheOn(mirror);
  await cache.fetch(release, file);
  writeFileSync(join(folder, file), 'damaged');
  const others = join(folder, `${file}.part.${process.ppid}`);
  writeFileSync(others, 'in use');
  await (await cacheOn(mirror, directory)).cache.fetch(release, file);
  expect(mirror.requests.at(-1)).toBe(`${base}/${file}`);
  expect(readFileSync(others, 'utf8')).toBe('in use');
});

test('an aborted download leaves its part, and the reason is thrown', async () => {
  const mirror = await fileMirror();
  const { cache, folder } = await cacheOn(mirror);
  const stop = new AbortController();
  const reason = new Error('stopped');
  mirror.interfere = ({ url }, response) => {
    if (url !== `${base}/${file}`) return false;
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.slice(0, 10), () => stop.abort(reason));
    return true;
  };
  expect(await failure(cache.fetch(release, file, stop.signal))).toBe(reason);
  mirror.interfere = () => false;
  await cache.fetch(release, file);
  expect((await cache.find(release, file))?.sha256).toBe(sha256);
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('a wrong checksum is an error with both digests, and nothing of it is kept', async () => {
  const mirror = await fileMirror();
  const { cache, folder } = await cacheOn(mirror);
  mirror.files.set(`${base}/${file}`, 'something else');
  const error = await failure(cache.fetch(release, file));
  expect(error).toBeInstanceOf(LabError);
  const other = createHash('sha256').update('something else').digest('hex');
  expect(error).toMatchObject({ message: expect.stringContaining(`SHA-256 ${other}, expected ${sha256}`) });
  expect(readdirSync(folder)).toEqual([]);
  expect(await cache.find(release, file)).toBeUndefined();
});

test('a file that is changed in the cache is not found, even with its old time, and is downloaded again', async () => {
  const mirror = await fileMirror();
  const { cache, folder, open } = await cacheOn(mirror);
  await cache.fetch(release, file);
  const path = join(folder, file);
  const { atime, mtime } = statSync(path);
  writeFileSync(path, `X${content.slice(1)}`);
  utimesSync(path, atime, mtime);
  expect(await cache.find(release, file)).toBeUndefined();
  expect(await open().find(release, file)).toBeUndefined();
  await cache.fetch(release, file);
  expect((await cache.find(release, file))?.sha256).toBe(sha256);
});

test('a seal that is damaged or of another file proves nothing', async () => {
  const mirror = await fileMirror();
  const { cache, folder } = await cacheOn(mirror);
  await cache.fetch(release, file);
  appendFileSync(join(folder, `${file}.sha256-ok`), 'x');
  expect((await cache.find(release, file))?.sha256).toBe(sha256);
  writeFileSync(join(folder, file), 'damaged');
  writeFileSync(join(folder, `${file}.sha256-ok`), JSON.stringify({ state: '1 2 3 4 5', sha256 }));
  expect(await cache.find(release, file)).toBeUndefined();
});

test('a file that the mirror does not have, or the release does not list, is an error with its address', async () => {
  const mirror = await fileMirror();
  const { cache } = await cacheOn(mirror);
  const missing = await failure(cache.fetch(release, 'other'));
  expect(missing).toBeInstanceOf(LabError);
  expect(missing).toMatchObject({
    message: `could not download ${mirror.url}${base}/other: HTTP 404`,
    fix: expect.stringContaining('rke2.version'),
  });
  const unlisted = await failure(cache.fetch(release, 'unlisted'));
  expect(unlisted).toBeInstanceOf(LabError);
  expect(unlisted).toMatchObject({ message: `${mirror.url}${base}/sha256sum-amd64.txt has no checksum of unlisted` });
  const noRelease = await failure(cache.fetch('v9.9.9+rke2r1', file));
  expect(noRelease).toMatchObject({
    message: expect.stringContaining('v9.9.9%2Brke2r1/sha256sum-amd64.txt: HTTP 404'),
  });
});

test('a mirror that fails for a while is asked again, one that does not answer at all is an error in the end', async () => {
  const mirror = await fileMirror();
  const { cache, clock } = await cacheOn(mirror);
  let failures = 2;
  mirror.interfere = (_request, response) => failures-- > 0 && response.writeHead(503).end() !== undefined;
  await cache.fetch(release, file);
  expect(clock.waits).toEqual([1, 3]);
  const dead = artefactCache({
    directory: temporaryFolder(),
    mirror: 'http://127.0.0.1:1',
    architecture: 'amd64',
    clock,
  });
  const error = await failure(dead.fetch(release, file));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^could not download http:\/\/127\.0\.0\.1:1\/.*(ECONNREFUSED|bad port)/),
  });
  expect(clock.waits).toEqual([1, 3, 1, 3, 9]);
});

test('a cache that cannot be written is an error with its path', async () => {
  const mirror = await fileMirror();
  const directory = join(temporaryFolder(), 'file');
  writeFileSync(directory, '');
  const { cache } = await cacheOn(mirror, join(directory, 'cache'));
  const error = await failure(cache.fetch(release, file));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({ message: expect.stringContaining(`could not read ${directory}`) });
  expect(existsSync(join(directory, 'cache'))).toBe(false);
});
