import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabError } from '../../src/engine/errors.ts';
import { fingerprint, hostKeyOf, knownKeys, withHostKey } from '../../src/clients/known-hosts.ts';
import { failure, sshLab, type SshLab } from './ssh-lab.ts';
import { makeKey } from './ssh-server.ts';

/** `type base64` of a public key in OpenSSH form. */
function publicPart({ public: text }: { readonly public: string }): string {
  return text.split(' ').slice(0, 2).join(' ');
}

function printOf(key: { readonly public: string }): string {
  return fingerprint(hostKeyOf(Buffer.from(key.public.split(' ')[1]!, 'base64')));
}

function pins(lab: SshLab): string {
  return readFileSync(join(lab.directory, 'known_hosts'), 'utf8');
}

const asHost = { trustFirst: false } as const;

test('the key of a machine that the lab makes is pinned at first contact, privately, in the form of OpenSSH', async () => {
  const lab = await sshLab();
  await lab.machine().look(['true']);
  expect(pins(lab)).toBe(`[127.0.0.1]:${lab.server.port} ${publicPart(lab.hostKey)}\n`);
  expect(statSync(join(lab.directory, 'known_hosts')).mode & 0o777).toBe(0o600);
});

test('a changed host key is refused with both fingerprints and the command that forgets the old one', async () => {
  const lab = await sshLab();
  const old = makeKey();
  const line = `[127.0.0.1]:${lab.server.port} ${publicPart(old)}\n`;
  writeFileSync(join(lab.directory, 'known_hosts'), line);
  const error = await failure(lab.machine().look(['true']));
  expect(error).toBeInstanceOf(LabError);
  const { message, fix } = error as LabError;
  expect(message).toMatch(/^the host key of dev-s1 .* changed/);
  expect(message).toContain(printOf(old));
  expect(message).toContain(printOf(lab.hostKey));
  expect(fix).toContain(`ssh-keygen -f ${lab.directory}/known_hosts -R '[127.0.0.1]:${lab.server.port}'`);
  expect(lab.server.commands).toEqual([]);
  expect(pins(lab)).toBe(line);
});

test('a forgotten key is pinned anew, those of other machines stay', async () => {
  const lab = await sshLab();
  const other = `192.0.2.1 ${publicPart(makeKey())}\n`;
  writeFileSync(
    join(lab.directory, 'known_hosts'),
    `${other}[127.0.0.1]:${lab.server.port} ${publicPart(makeKey())}\n`,
  );
  const dev = lab.machine();
  await failure(dev.look(['true']));
  await dev.forget();
  expect(pins(lab)).toBe(other);
  await dev.look(['true']);
  expect(pins(lab)).toBe(`${other}[127.0.0.1]:${lab.server.port} ${publicPart(lab.hostKey)}\n`);
});

test('an unknown machine that exists already is refused with its fingerprint and the line for config.yaml', async () => {
  const lab = await sshLab();
  const error = await failure(lab.machine({}, asHost).look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: expect.stringContaining(`is unknown: it shows ${printOf(lab.hostKey)} (ssh-ed25519)`),
    fix: expect.stringContaining(`hostKey: ${printOf(lab.hostKey)}`),
  });
  expect(existsSync(join(lab.directory, 'known_hosts'))).toBe(false);
});

test('the fingerprint of config.yaml lets a machine in and is pinned; another one does not', async () => {
  const lab = await sshLab();
  await lab.machine({ hostKey: printOf(lab.hostKey) }, asHost).look(['true']);
  expect(pins(lab)).toContain(publicPart(lab.hostKey));
  const wanted = printOf(makeKey());
  const error = await failure(lab.machine({ hostKey: wanted }, asHost).look(['true']));
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: expect.stringContaining(`expected ${wanted}, the machine shows ${printOf(lab.hostKey)}`),
  });
});

test('a machine that was installed anew is let in by its new fingerprint in config.yaml', async () => {
  const lab = await sshLab();
  writeFileSync(join(lab.directory, 'known_hosts'), `[127.0.0.1]:${lab.server.port} ${publicPart(makeKey())}\n`);
  await lab.machine({ hostKey: printOf(lab.hostKey) }, asHost).look(['true']);
  expect(pins(lab)).toBe(`[127.0.0.1]:${lab.server.port} ${publicPart(lab.hostKey)}\n`);
});

test("what the operator's own SSH knows is let in, changed or revoked keys are not", async () => {
  const lab = await sshLab();
  const host = `[127.0.0.1]:${lab.server.port}`;
  const personal = (text: string) => writeFileSync(join(lab.directory, 'personal'), text);
  personal(`${host} ${publicPart(makeKey())}\n`);
  expect(await failure(lab.machine({}, asHost).look(['true']))).toMatchObject({
    message: expect.stringMatching(/changed: .*personal knows/),
  });
  personal(`@revoked ${host} ${publicPart(lab.hostKey)}\n`);
  expect(await failure(lab.machine({}, asHost).look(['true']))).toMatchObject({
    message: expect.stringContaining('revoked'),
  });
  personal(`# mine\n${host} ${publicPart(lab.hostKey)} laptop\n`);
  await lab.machine({}, asHost).look(['true']);
  expect(pins(lab)).toBe(`${host} ${publicPart(lab.hostKey)}\n`);
});

test('names in known_hosts may be hashed, listed, wildcards or negated', () => {
  const key = publicPart(makeKey());
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update('192.0.2.7').digest('base64');
  const knows = (names: string, host = '192.0.2.7') => knownKeys(`${names} ${key}\n`, host).trusted.length === 1;
  expect(knows(`|1|${salt.toString('base64')}|${hash}`)).toBe(true);
  expect(knows(`|1|${salt.toString('base64')}|${hash}`, '192.0.2.8')).toBe(false);
  expect(knows('lab.example,192.0.2.7')).toBe(true);
  expect(knows('192.0.2.*')).toBe(true);
  expect(knows('192.0.2.?')).toBe(true);
  expect(knows('192x0.2.7')).toBe(false);
  expect(knows('*,!192.0.2.7')).toBe(false);
  expect(knows('@cert-authority *')).toBe(false);
  expect(knows('[192.0.2.7]:2222')).toBe(false);
});

test('a pin replaces the lines of its machine only', () => {
  const text = '# mine\na ssh-rsa AAAA\nb ssh-rsa BBBB\na ssh-ed25519 CCCC';
  expect(withHostKey(text, 'a', { type: 'ssh-rsa', key: 'DDDD' })).toBe('# mine\nb ssh-rsa BBBB\na ssh-rsa DDDD\n');
  expect(withHostKey(text, 'a', undefined)).toBe('# mine\nb ssh-rsa BBBB\n');
});
