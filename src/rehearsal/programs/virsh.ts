import type { Result } from '../../lab.ts';
import type { HostState } from '../host-state.ts';
import { failed, notModelled, succeeded, type Call, type Program } from '../program.ts';

/** `virsh -c URI version|net-list|net-dumpxml|pool-list|pool-dumpxml|list …`, all that lists with `--name` */
export const virsh: Program<HostState> = {
  name: 'virsh',
  changes: () => false,
  call: (call) => {
    const { on, args } = call;
    const [option, uri, verb, ...rest] = args;
    if (option !== '-c' || uri !== call.world.config.machines.libvirt.uri) throw notModelled('virsh', args);
    const words = rest.join(' ');
    switch (verb) {
      case 'version':
        return words === '' ? succeeded(`Compiled against library: libvirt ${on.libvirt}\n`) : unknown(call);
      case 'net-list':
        return names(call, on.networks, words);
      case 'pool-list':
        return names(call, on.pools, words);
      case 'list':
        return words === '--all --name' ? lines([...call.world.machines.keys(), ...on.foreignDomains]) : unknown(call);
      case 'net-dumpxml':
        return networkXml(call, rest);
      case 'pool-dumpxml':
        return poolXml(call, rest);
      default:
        return unknown(call);
    }
  },
};

function unknown({ args }: Call<HostState>): never {
  throw notModelled('virsh', args);
}

interface Listed {
  readonly name: string;
  readonly active: boolean;
}

function names(call: Call<HostState>, all: readonly Listed[], words: string): Result {
  if (words === '--all --name') return lines(all.map(({ name }) => name));
  return words === '--name' ? lines(all.filter(({ active }) => active).map(({ name }) => name)) : unknown(call);
}

function lines(all: readonly string[]): Result {
  return succeeded(`${all.map((name) => `${name}\n`).join('')}\n`);
}

function networkXml(call: Call<HostState>, [name, ...more]: readonly string[]): Result {
  if (name === undefined || more.length > 0) return unknown(call);
  const network = call.on.networks.find((candidate) => candidate.name === name);
  if (!network)
    return failed(
      1,
      `error: failed to get network '${name}'\nerror: Network not found: no network with matching name '${name}'\n`,
    );
  const [address] = network.address.split('/');
  return succeeded(
    `<network>\n  <name>${name}</name>\n  <bridge name='${network.bridge}' stp='off' delay='0'/>\n  <ip address='${address}' netmask='255.255.255.0'>\n  </ip>\n</network>\n`,
  );
}

function poolXml(call: Call<HostState>, [name, ...more]: readonly string[]): Result {
  if (name === undefined || more.length > 0) return unknown(call);
  const pool = call.on.pools.find((candidate) => candidate.name === name);
  if (!pool)
    return failed(
      1,
      `error: failed to get pool '${name}'\nerror: Storage pool not found: no storage pool with matching name '${name}'\n`,
    );
  return succeeded(
    `<pool type='dir'>\n  <name>${name}</name>\n  <target>\n    <path>${pool.path}</path>\n  </target>\n</pool>\n`,
  );
}
