import { readFileSync } from 'node:fs';
import { Client } from 'ssh2';
import { HOME, KEY } from './machines.ts';

/** The least that a program with ssh2 can do: log in to each address, run `true`, log out; all at the same time. */
const addresses = process.argv.slice(2);
const privateKey = readFileSync(KEY);
const known = readFileSync(`${HOME}/known_hosts`, 'utf8');

await Promise.all(addresses.map(logIn));

async function logIn(host: string): Promise<void> {
  const done = Promise.withResolvers<void>();
  const client = new Client();
  client.on('error', done.reject);
  client.on('close', () => done.resolve());
  client.on('ready', () => {
    client.exec('true', (error, channel) => {
      if (error) return done.reject(error);
      channel.on('exit', () => client.end()).resume();
    });
  });
  const hostVerifier = (key: Buffer) => known.includes(key.toString('base64'));
  client.connect({ host, username: 'root', privateKey, hostVerifier, algorithms: { serverHostKey: ['ssh-ed25519'] } });
  await done.promise;
}
