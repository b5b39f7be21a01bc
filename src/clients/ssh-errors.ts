import { LabError } from '../engine/errors.ts';
import { errorCode } from './local-files.ts';
import { hostName, loginCommand, type SshTarget } from './ssh-target.ts';

/** The connection ended before the program did. Never leaves `clients/`. */
export class BrokenConnection extends Error {
  override readonly name = 'BrokenConnection';
}

/** The server opened no channel: the program was not started, so it may be tried again. Never leaves `clients/`. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

/** Why there is no connection, in words. What may pass by itself (a machine that boots) is transient. */
export function connectError(target: SshTarget, error: Error): LabError {
  const { message, fix, transient } = explained(target, error);
  return new LabError(`could not log in to ${hostName(target)} over SSH: ${message}`, fix, { cause: error, transient });
}

/** A write whose end nobody saw. */
export function unknownEffect(target: SshTarget, what: string, error: BrokenConnection): LabError {
  return new LabError(
    `the connection to ${hostName(target)} broke during: ${what}; it is unknown whether it took effect`,
    `look at the machine: ${loginCommand(target)}; then run this command again, it goes on from what it finds`,
    { cause: error },
  );
}

/** A read that was repeated and broke again. */
export function readBroken(target: SshTarget, error: BrokenConnection): LabError {
  return new LabError(
    `the connection to ${hostName(target)} broke twice while reading from it: ${error.message}`,
    `see whether the machine is up and its network steady: ${loginCommand(target)}`,
    { cause: error, transient: true },
  );
}

/** Every try to open a session was refused, with none of ours open. */
export function tooFewSessions(target: SshTarget, error: ChannelRefused): LabError {
  return new LabError(
    `sshd on ${hostName(target)} refuses a session: its MaxSessions is too low; nothing was started`,
    `on ${target.name}, as root:  echo 'MaxSessions 10' > /etc/ssh/sshd_config.d/00-max-sessions.conf && systemctl reload ssh; sshd -T | grep -i maxsessions   # must say 10`,
    { cause: error },
  );
}

/** A log-in that ended before the script began. */
interface EndedEarly {
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** The log-in is there, but not the rights of root, or no shell at all. */
export function shellRefused(target: SshTarget, { code, stdout, stderr }: EndedEarly): LabError {
  const said = stderr.toString('utf8').trim();
  if (target.user !== 'root') {
    const refused = sudoRefused(target, { code, said });
    if (refused) return refused;
  }
  const shown = said === '' ? stdout.toString('utf8').trim() : said;
  return new LabError(
    `could not start a shell on ${hostName(target)}: ${shown === '' ? 'it ended without a word' : shown}`,
    said === '' && code !== 0
      ? `on ${target.name}, as root:  getent passwd ${target.user}   # ends in the log-in shell; nologin and false let nobody in: usermod -s /bin/bash ${target.user}`
      : `try it by hand: ${loginCommand(target)} ${target.user === 'root' ? 'id' : 'sudo -n id'}`,
  );
}

interface Refusal {
  readonly code: number | undefined;
  /** On stderr. */
  readonly said: string;
}

function sudoRefused(target: SshTarget, { code, said }: Refusal): LabError | undefined {
  const { name, user } = target;
  const on = hostName(target);
  const file = `/etc/sudoers.d/${user}`;
  const rule = `echo '${user} ALL=(ALL) NOPASSWD: ALL' > ${file} && chmod 0440 ${file}`;
  if (/password is required|terminal is required|no tty present/.test(said))
    return new LabError(
      `sudo on ${on} wants a password: sudo: a password is required`,
      `on ${name}, as root:  ${rule}`,
    );
  if (said.includes('must have a tty'))
    return new LabError(
      `sudo on ${on} wants a terminal (requiretty): ${said}`,
      `on ${name}, as root:  echo 'Defaults:${user} !requiretty' >> ${file} && chmod 0440 ${file}`,
    );
  // env's words are in the language of the machine, its exit code is not.
  if (code === 127 && said.includes('sudo'))
    return new LabError(
      `sudo is not installed on ${on}: ${said}`,
      `on ${name}, as root:  apt-get install -y sudo && ${rule}   # or let root in, and set user: root in config.yaml`,
    );
  if (/sudoers|not allowed|may not run sudo/.test(said))
    return new LabError(`${user} may not use sudo on ${on}: ${said}`, `on ${name}, as root:  ${rule}`);
  return undefined;
}

interface Explained {
  readonly message: string;
  readonly fix: string;
  readonly transient: boolean;
}

function explained(target: SshTarget, error: Error): Explained {
  const { name, address, port, user, key } = target;
  const level = 'level' in error ? error.level : undefined;
  const code = errorCode(error);
  if (level === 'client-authentication')
    return {
      message: `user ${user} was refused with the key ${key}`,
      fix: `let the key in: ssh-copy-id -i ${key}.pub -p ${port} ${user}@${address}; or correct user and key of ${name} in config.yaml`,
      transient: false,
    };
  if (code === 'ECONNREFUSED')
    return {
      message: 'connection refused, nothing listens there',
      fix: `see on the machine's console that sshd runs (systemctl status ssh), and that ${address} port ${port} is right in config.yaml`,
      transient: true,
    };
  if (level === 'client-timeout' || code === 'ETIMEDOUT')
    return {
      message: 'no answer in time',
      fix: `ping -c 3 ${address}   # is the machine up, and does a firewall let port ${port} through?`,
      transient: true,
    };
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return {
      message: 'host unreachable',
      fix: `ip route get ${address}   # is the machine up, and is this computer in its network?`,
      transient: true,
    };
  const dropped = code === 'ECONNRESET' || /lost before handshake|closed before/.test(error.message);
  return { message: error.message, fix: `see what SSH says: ${loginCommand(target)} -v`, transient: dropped };
}
