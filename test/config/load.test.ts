import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { notices } from '../../src/config/notices.ts';
import { configSchema } from '../../src/config/schema.ts';
import { ConfigError, LabError } from '../../src/engine/errors.ts';
import { faultsOf } from './faults-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'rke2-lab-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const root = join(import.meta.dirname, '../..');

describe('parseConfig', () => {
  test.each(['', '\n', '# only a comment\n', '---\n', 'null', '{}', '\uFEFF{}'])(
    'takes %j for a configuration of defaults',
    (text) => {
      const { file, nodes, cilium, ...settings } = parseConfig(text, '/lab/config.yaml');
      expect(settings).toEqual(configSchema.parse({}));
      expect(file).toBe('/lab/config.yaml');
      expect(nodes.map(({ name }) => name)).toEqual(['dev-s1']);
      expect(cilium).toEqual({ chart: '1.19.601', version: '1.19.6', minor: 19 });
    },
  );

  test('takes a key with nothing behind it for the default', () => {
    const text =
      'lab:\nmachines:\n  network:\n    subnet:\n  hosts:\nfeatures:\n  cilium:\n    devices: ~\n    egressPolicy:\n';
    const { features, machines } = parseConfig(text, 'f');
    expect({ features, machines }).toEqual({
      features: configSchema.parse({}).features,
      machines: configSchema.parse({}).machines,
    });
  });

  test('takes it so in sizes and hosts too', () => {
    const sizes = '{ small: { servers: { count: 1, cpus: ~ }, agents: ~ } }';
    const host = '{ name: one, role: server, address: 192.168.123.9, port: ~ }';
    expect(parseConfig(`machines: { size: small, sizes: ${sizes} }`, 'f').nodes).toMatchObject([{ cpus: 4 }]);
    expect(parseConfig(`machines: { provider: hosts, hosts: [${host}] }`, 'f').nodes).toMatchObject([{ port: 22 }]);
  });

  test('keeps an empty chart value, which takes a default of the chart away', () => {
    expect(
      parseConfig('features: { cilium: { values: { tls: { ca: ~ }, bpf: } } }', 'f').features.cilium.values,
    ).toEqual({
      tls: { ca: null },
      bpf: null,
    });
  });

  test('tells an unknown key also where nothing is behind it', () => {
    expect(faultsOf(() => parseConfig('labs:\n', 'f'))).toMatchObject([
      { path: 'labs', line: 1, fix: 'write lab instead of labs' },
    ]);
  });

  test('asks no rule about what has a fault of its own', () => {
    const text = 'machines: { network: { subnet: 10.0.0.0/33 } }\nfeatures: { storage: { class: ceph-block } }\n';
    expect(faultsOf(() => parseConfig(text, 'f')).map(({ path, rule }) => [path, rule])).toEqual([
      ['machines.network.subnet', undefined],
      ['features.storage.class', 'STORAGE_CLASS'],
    ]);
  });

  test('asks no rule about a map with a key that stands for nobody knows what', () => {
    const text = 'machines: { network: { cidr: 10.0.0.0/24 } }\nfeatures: { storage: { class: ceph-block } }\n';
    const clash = text.replace('cidr: 10.0.0.0/24', 'firstServer: 230, cidr: 10.0.0.0/24');
    expect(faultsOf(() => parseConfig(clash, 'f')).map(({ path }) => path)).toEqual([
      'machines.network.cidr',
      'features.storage.class',
    ]);
  });

  test('asks no rule about what such a key may stand for, and all others', () => {
    const nic = 'machines: { network: { nic: ens3 } }\nfeatures: { cilium: { devices: [ens3] } }\n';
    expect(faultsOf(() => parseConfig(nic, 'f')).map(({ path }) => path)).toEqual(['machines.network.nic']);
    const near = 'machines: { network: { intrface: eth1, subnet: 192.168.121.0/24 } }\n';
    expect(faultsOf(() => parseConfig(near, 'f')).map(({ path }) => path)).toContain('machines.network.subnet');
  });

  test('points to another line where the map of a default is empty', () => {
    const text = 'features:\nmachines: { network: { subnet: 10.9.0.0/24 } }\n';
    expect(faultsOf(() => parseConfig(text, 'f'))).toMatchObject([{ rule: 'LB_POOL_OVERLAP', line: 2, column: 32 }]);
  });

  test('asks no rule about the key that a misspelt one stands for', () => {
    const text = 'features:\n  storage: { provder: rook, class: ceph-block }\n';
    expect(faultsOf(() => parseConfig(text, 'f')).map(({ path }) => path)).toEqual(['features.storage.provder']);
  });

  test('asks all rules beside a key that nobody knows', () => {
    const text = 'zebra: 1\nfeatures: { storage: { class: ceph-block } }\n';
    expect(faultsOf(() => parseConfig(text, 'f')).map(({ path }) => path)).toEqual(['zebra', 'features.storage.class']);
  });

  test('does not hold machines of an unknown size against the rules', () => {
    expect(faultsOf(() => parseConfig('machines: { size: prdo }', 'f'))).toMatchObject([
      { path: 'machines.size', fix: 'write size: prod' },
    ]);
  });

  test('points to the line of the key that clashes with a default', () => {
    const text = 'lab: { name: dev }\nmachines:\n  network:\n    firstServer: 230\n';
    expect(faultsOf(() => parseConfig(text, 'f'))).toMatchObject([
      { path: 'features.loadBalancer.pools.default.range', line: 3 + 1 },
    ]);
  });

  test('survives nesting that no configuration has', () => {
    for (const bracket of ['[', '{a: ', '- ', '? ']) {
      expect(faultsOf(() => parseConfig(bracket.repeat(5_000), 'f')).length).toBeGreaterThan(0);
    }
  });

  test('says in its error how many faults there are and what to do about the first', () => {
    expect(() => parseConfig('machnes:\n', '/lab/config.yaml')).toThrow(ConfigError);
    expect(() => parseConfig('machnes:\n', '/lab/config.yaml')).toThrow('/lab/config.yaml has 1 fault');
  });
});

describe('loadConfig', () => {
  test('reads the file and gives its absolute path', async () => {
    const file = join(folder, 'good.yaml');
    writeFileSync(file, 'lab: { name: x }\n');
    expect(await loadConfig(file)).toMatchObject({ file, lab: { name: 'x' }, nodes: [{ name: 'x-s1' }] });
  });

  test('says that a file is not there, and how to name another one', async () => {
    const file = join(folder, 'none.yaml');
    const failure = await loadConfig(file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LabError);
    expect(failure).toMatchObject({
      message: `could not read ${file}: there is no such file`,
      fix: 'give its path with --config',
    });
  });

  test('tells a file that cannot be read from one that is not there', async () => {
    await expect(loadConfig(folder)).rejects.toMatchObject({
      name: 'LabError',
      message: expect.stringContaining('EISDIR'),
    });
  });

  test('refuses a file that is no text', async () => {
    const file = join(folder, 'latin1.yaml');
    writeFileSync(file, Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]));
    await expect(loadConfig(file)).rejects.toMatchObject({
      name: 'LabError',
      message: `could not read ${file}: it is no UTF-8 text`,
    });
  });
});

describe('the config.yaml of this repository', () => {
  test('is right, without a notice', async () => {
    const config = await loadConfig(join(root, 'config.yaml'));
    expect(notices(config)).toEqual([]);
  });

  test('says nothing but the defaults, and the reserved addresses', async () => {
    const { file: _, nodes: __, cilium: ___, ...settings } = await loadConfig(join(root, 'config.yaml'));
    const defaults = configSchema.parse({});
    const staticIPs = { kubernetesApi: '192.168.123.200', externalDns: '192.168.123.201', gateway: '192.168.123.210' };
    const loadBalancer = { ...defaults.features.loadBalancer, staticIPs };
    expect(settings).toEqual({ ...defaults, features: { ...defaults.features, loadBalancer } });
  });
});

describe('notices', () => {
  test('do not make a fault, and say rule, key, reason and link', () => {
    expect(notices(parseConfig('rke2: { ciliumChart: 1.20.200 }', 'f'))).toEqual([
      {
        rule: 'SPIRE_REMOVED',
        path: 'features.cilium.mutualAuth.enabled',
        message: 'expected false before Cilium 1.21, which removes SPIRE (deprecated in 1.20.2), came true',
        fix: 'set features.cilium.mutualAuth.enabled to false; features.cilium.encryption stays',
        link: 'https://github.com/cilium/cilium/issues/47132',
      },
    ]);
  });
});
