import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { execa } from 'execa';

const STAND_IN = join(import.meta.dirname, 'rke2');
/** Bytes in an image archive: enough for a copy to take a moment. */
const ARCHIVE_SIZE = 3_000_000;

/** A release of the stand-in as RKE2's are laid out: tarball, image archives, checksums. Needs Go. */
export async function makeRelease(folder: string, scratch: string, version: string): Promise<void> {
  const tree = join(scratch, 'tree');
  await mkdir(join(tree, 'share', 'rke2'), { recursive: true });
  await mkdir(folder, { recursive: true });
  await execa(
    'go',
    ['build', '-trimpath', '-ldflags', `-s -w -X main.version=${version}`, '-o', join(tree, 'bin', 'rke2'), '.'],
    {
      cwd: STAND_IN,
      env: { CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' },
    },
  );
  await cp(join(STAND_IN, 'systemd'), join(tree, 'lib', 'systemd', 'system'), { recursive: true });
  await writeFile(join(tree, 'share', 'rke2', 'LICENSE.txt'), 'A stand-in for tests.\n');
  await execa('tar', [
    '--owner=0',
    '--group=0',
    '-czf',
    join(folder, 'rke2.linux-amd64.tar.gz'),
    '-C',
    tree,
    'bin',
    'lib',
    'share',
  ]);
  for (const part of ['core', 'cilium'])
    await writeFile(
      join(folder, `rke2-images-${part}.linux-amd64.tar.zst`),
      zstdCompressSync(randomBytes(ARCHIVE_SIZE)),
    );
  const files = [
    'rke2.linux-amd64.tar.gz',
    'rke2-images-core.linux-amd64.tar.zst',
    'rke2-images-cilium.linux-amd64.tar.zst',
  ];
  const sums = await Promise.all(files.map(async (file) => `${sha256(await readFile(join(folder, file)))}  ${file}\n`));
  await writeFile(join(folder, 'sha256sum-amd64.txt'), sums.join(''));
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
