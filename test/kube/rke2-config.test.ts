import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { joiningOf, labOf, rke2Config, rke2Wanted } from '../../src/kube/rke2-config.ts';

const config = parseConfig('machines: { size: prod }', 'config.yaml');
const wanted = rke2Wanted(config);
const server = config.nodes[0]!;
const agent = config.nodes[3]!;

test('a server has no kube-proxy, no second ingress controller, and its own address', () => {
  expect(parse(rke2Config(wanted, server, { token: 't' }))).toMatchObject({
    token: 't',
    cni: 'cilium',
    'disable-kube-proxy': true,
    'node-ip': '192.168.123.50',
    disable: ['rke2-ingress-nginx', 'rke2-traefik', 'rke2-traefik-crd'],
    'write-kubeconfig-mode': '0600',
  });
});

test('the certificate of the API holds the names and addresses of all servers, and what config.yaml adds', () => {
  const more = parseConfig('{ machines: { size: prod }, rke2: { tlsSan: [lab.example] } }', 'config.yaml');
  expect(parse(rke2Config(rke2Wanted(more), server, { token: 't' }))['tls-san']).toEqual([
    'k8s-api.k8s.lan',
    ...['dev-s1', '192.168.123.50', 'dev-s2', '192.168.123.51', 'dev-s3', '192.168.123.52'],
    'lab.example',
  ]);
});

test('what must be the same on all servers is the same', () => {
  const settings = [0, 1, 2].map((index) => parse(rke2Config(wanted, config.nodes[index]!, { token: 't' })));
  const critical = settings.map((each) => [each['cluster-cidr'], each['service-cidr'], each['disable-kube-proxy']]);
  expect(new Set(critical.map((each) => JSON.stringify(each))).size).toBe(1);
});

test('an agent is told only what an agent knows', () => {
  expect(parse(rke2Config(wanted, agent, { token: 't', join: '192.168.123.50' }))).toEqual({
    server: 'https://192.168.123.50:9345',
    token: 't',
    'node-name': 'dev-a1',
    'node-ip': '192.168.123.60',
  });
});

test('a file tells which lab wrote it, with which token and server', () => {
  const content = rke2Config(wanted, agent, { token: 'secret', join: '192.168.123.50' });
  expect(labOf(content)).toBe('dev');
  expect(joiningOf(content)).toEqual({ token: 'secret', join: '192.168.123.50' });
});

test('a file of somebody else belongs to no lab', () => {
  expect(labOf('token: x\n')).toBeUndefined();
  expect(joiningOf('')).toEqual({});
  expect(joiningOf('server: 17\n')).toEqual({});
});

test('profile cis is passed on when asked for', () => {
  const cis = rke2Wanted(parseConfig('rke2: { profile: cis }', 'config.yaml'));
  expect(parse(rke2Config(cis, server, { token: 't' }))).toHaveProperty('profile', 'cis');
  expect(parse(rke2Config(wanted, server, { token: 't' }))).not.toHaveProperty('profile');
});
