import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { labKubeconfig, withContext, withoutContext } from '../../src/kube/kubeconfig.ts';

const RKE2 = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
users:
- name: default
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
`;

const OWN = `apiVersion: v1
kind: Config
# work
clusters:
- cluster:
    server: https://work.example:6443
  name: work
contexts:
- context: {cluster: work, user: me}
  name: work
current-context: work
users:
- name: me
  user: {token: abc}
`;

const lab = labKubeconfig(RKE2, 'dev', '192.168.123.50');

test('the kubeconfig of a lab has its server and its name everywhere', () => {
  expect(parse(lab)).toMatchObject({
    clusters: [{ name: 'rke2-lab-dev', cluster: { server: 'https://192.168.123.50:6443' } }],
    contexts: [{ name: 'rke2-lab-dev', context: { cluster: 'rke2-lab-dev', user: 'rke2-lab-dev' } }],
    users: [{ name: 'rke2-lab-dev', user: { 'client-key-data': 'S0VZ' } }],
    'current-context': 'rke2-lab-dev',
  });
});

test("a person's other contexts, comments and current context stay", () => {
  const merged = withContext(OWN, 'dev', lab);
  expect(merged).toContain('# work');
  expect(parse(merged)).toMatchObject({
    'current-context': 'work',
    contexts: [{ name: 'work' }, { name: 'rke2-lab-dev' }],
    users: [{ name: 'me', user: { token: 'abc' } }, { name: 'rke2-lab-dev' }],
  });
});

test('lines of others are not changed', () => {
  const merged = withContext(OWN, 'dev', lab).split('\n');
  expect(OWN.split('\n').filter((line) => !line.includes('{') && !merged.includes(line))).toEqual([]);
});

test('a kubeconfig that has the context already is left as it is, to the letter', () => {
  const odd = withContext(OWN, 'dev', lab).replace('# work', '#   work   ');
  expect(withContext(odd, 'dev', lab)).toBe(odd);
});

test('somebody without a kubeconfig gets one with the lab as its current context', () => {
  expect(parse(withContext(undefined, 'dev', lab))['current-context']).toBe('rke2-lab-dev');
  expect(parse(withContext('', 'dev', lab)).clusters).toHaveLength(1);
});

test('a cluster made anew replaces its entries instead of adding more', () => {
  const anew = labKubeconfig(RKE2.replace('S0VZ', 'TkVX'), 'dev', '192.168.123.50');
  const { users } = parse(withContext(withContext(OWN, 'dev', lab), 'dev', anew));
  expect(users).toHaveLength(2);
  expect(users[1].user['client-key-data']).toBe('TkVX');
});

test('removing the context of a lab leaves all else', () => {
  expect(parse(withoutContext(withContext(OWN, 'dev', lab), 'dev'))).toEqual(parse(OWN));
});

test('lists that are null, as kubectl writes them when empty, take an entry', () => {
  const empty = 'apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\nusers: null\ncurrent-context: ""\n';
  expect(parse(withContext(empty, 'dev', lab)).clusters).toHaveLength(1);
});
