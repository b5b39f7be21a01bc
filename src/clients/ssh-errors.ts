import { LabError } from '../engine/errors.ts';
import { errorCode } from './local-files.ts';
import { hostName, loginCommand, type SshTarget } from './ssh-target.ts';

/** The connection ended before the program did. Never leaves `clients/`. */
export class BrokenConnection extends Error {
  override readonly name = 'BrokenConnection';
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

/** The log-in is there, but not the rights of root, or no shell at all. */
export function shellRefused(target: SshTarget, stderr: string): LabError {
  const said = stderr.trim();
  const rule = `${target.user} ALL=(ALL) NOPASSWD: ALL`;
  const fix = `on ${target.name}, as root:  echo '${rule}' > /etc/sudoers.d/${target.user} && chmod 0440 /etc/sudoers.d/${target.user}`;
  if (target.user !== 'root' && /password is required|terminal is required|no tty present/.test(said))
    return new LabError(`sudo on ${hostName(target)} wants a password: sudo: a password is required`, fix);
  if (target.user !== 'root' && /sudoers|not allowed|may not run sudo/.test(said))
    return new LabError(`${target.user} may not use sudo on ${hostName(target)}: ${said}`, fix);
  return new LabError(
    `could not start a shell on ${hostName(target)}: ${said === '' ? 'it ended without a word' : said}`,
    `try it by hand: ${loginCommand(target)} ${target.user === 'root' ? 'id' : 'sudo -n id'}`,
  );
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
