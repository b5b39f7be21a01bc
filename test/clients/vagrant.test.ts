import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { vagrant, type Vagrant } from '../../src/clients/vagrant.ts';
import { temporaryFolder } from './temporary-folder.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Vagrant with another program in its place. */
async function withProgram(
  script: string,
  options: { bootSeconds?: number; onLine?: (line: string) => void } = {},
): Promise<Vagrant> {
  const path = temporaryFolder();
  await writeFile(join(path, 'vagrant'), `#!/bin/bash\ncd ${path}\n${script}\n`);
  await chmod(join(path, 'vagrant'), 0o755);
  vi.stubEnv('PATH', `${path}:${process.env['PATH']}`);
  return vagrant({ root: path, configFile: '/lab/config.yaml', bootSeconds: 60, ...options });
}

/** A killed process stays a zombie until it is reaped: that is gone as well. */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' || / Z /.test(stat);
}

describe('vagrant up', () => {
  it('tells which machines came to their good end, and what stopped the others', async () => {
    const said: string[] = [];
    const program = `
echo "1,dev-s1,action,up,start"
echo "1,dev-s1,ui,info,==> dev-s1: Starting domain."
echo "1,dev-s1,action,up,end"
echo "1,,ui,error,Volume for domain is already created. Please run 'vagrant destroy' first."
echo "1,,error-exit,VagrantPlugins::ProviderLibvirt::Errors::DomainVolumeExists,Volume for domain is already created."
exit 1`;
    const { done, error } = await (
      await withProgram(program, { onLine: (line) => said.push(line) })
    ).up(['dev-s1', 'dev-s2']);
    expect([...done]).toEqual(['dev-s1']);
    expect(error?.message).toContain('could not make dev-s2');
    expect(error?.message).toContain('HOST_ORPHAN_DOMAIN');
    expect(said[0]).toBe('dev-s1: Starting domain.');
  });

  it('gets the path of config.yaml, and provisions nothing', async () => {
    const { up } = await withProgram('echo "$RKE2_LAB_CONFIG $*" >&2; exit 3');
    const { error } = await up(['dev-s1']);
    expect(error?.message).toContain(
      '/lab/config.yaml up --parallel --no-provision --provider libvirt dev-s1 --machine-readable',
    );
  });

  it('is ended with all that it started when a machine gets no address in time', async () => {
    const program = `
trap 'echo interrupted >> log; exit 1' INT
echo "1,dev-s1,ui,info,==> dev-s1: Starting domain."
echo "1,dev-s1,ui,info,==> dev-s1: Waiting for domain to get an IP address..."
sleep 60 & echo $! > child; wait`;
    const { up } = await withProgram(program, { bootSeconds: 0.05 });
    const { error } = await up(['dev-s1']);
    expect(error?.message).toContain('could not make dev-s1 in 0.05 seconds');
    expect(error?.message).toContain('VM_NO_IP');
    const [path] = (process.env['PATH'] ?? '').split(':');
    expect(await readFile(join(path ?? '', 'log'), 'utf8')).toBe('interrupted\n');
    const child = Number(await readFile(join(path ?? '', 'child'), 'utf8'));
    expect(await isGone(child)).toBe(true);
  });

  it('is interrupted by its signal, and then gives its reason', async () => {
    const abort = new AbortController();
    const onLine = () => abort.abort(new Error('stop it'));
    const { up } = await withProgram(
      "trap 'exit 1' INT; echo '1,dev-s1,ui,info,==> dev-s1: Starting domain.'; sleep 60 & wait",
      { onLine },
    );
    await expect(up(['dev-s1'], abort.signal)).rejects.toThrow('stop it');
  });

  it('is not blamed on the network when Vagrant itself was killed', async () => {
    const { up } = await withProgram(
      "echo '1,dev-s1,ui,info,==> dev-s1: Waiting for domain to get an IP address...'; kill -9 $$",
    );
    const { error } = await up(['dev-s1']);
    expect(error?.message).toContain('vagrant was ended by SIGKILL');
    expect(error?.message).not.toContain('VM_NO_IP');
  });

  it('leaves out the way that Ruby went', async () => {
    const trace =
      'fog.rb:7:in create: Call to virDomainCreateWithFlags failed: odd (Libvirt::Error)\\n\\tfrom /usr/lib/ruby/fog.rb:7:in action\\n';
    const { error } = await (await withProgram(`printf '${trace}' >&2; exit 1`)).up(['dev-s1']);
    expect(error?.message).toContain('odd (Libvirt::Error)');
    expect(error?.message).not.toContain('from /usr');
  });

  it('says so where there is no vagrant', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    const { up } = vagrant({ root: temporaryFolder(), configFile: '/lab/config.yaml', bootSeconds: 60 });
    await expect(up(['dev-s1'])).rejects.toThrow('could not start `vagrant`');
  });
});

describe('vagrant destroy', () => {
  it('is forced, and an error where it fails', async () => {
    const { destroy } = await withProgram('echo "$*" >&2; exit 1');
    await expect(destroy(['dev-s1'])).rejects.toThrow('destroy --force dev-s1');
  });
});
