import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';

const LISTS = ['clusters', 'users', 'contexts'] as const;

/** Context, cluster and user of a lab in any kubeconfig. */
export function contextOf(lab: string): string {
  return `rke2-lab-${lab}`;
}

/** RKE2's own kubeconfig made usable elsewhere: the server's address in it, and the lab's name for all entries. */
export function labKubeconfig(rke2: string, lab: string, address: string): string {
  const document = parseDocument(rke2);
  const name = contextOf(lab);
  for (const list of LISTS) for (const entry of entriesOf(document, list)) entry.set('name', name);
  for (const cluster of entriesOf(document, 'clusters'))
    cluster.setIn(['cluster', 'server'], `https://${address}:6443`);
  for (const context of entriesOf(document, 'contexts')) {
    context.setIn(['context', 'cluster'], name);
    context.setIn(['context', 'user'], name);
  }
  document.set('current-context', name);
  return document.toString({ lineWidth: 0 });
}

/**
 * A person's kubeconfig with the lab's entries in it. Other entries, their order and the comments stay,
 * and so does the current context of somebody who has one.
 */
export function withContext(own: string | undefined, lab: string, kubeconfig: string): string {
  const document = parseDocument(own?.trim() ? own : EMPTY);
  const source = parseDocument(kubeconfig);
  const before = JSON.stringify(document);
  for (const list of LISTS) {
    const entry = entriesOf(source, list)[0];
    if (entry) put(document, list, entry.toJSON());
  }
  if (!document.get('current-context')) document.set('current-context', contextOf(lab));
  return own !== undefined && JSON.stringify(document) === before ? own : document.toString(AS_KUBECTL);
}

/** A person's kubeconfig without the lab's entries. */
export function withoutContext(own: string, lab: string): string {
  const document = parseDocument(own);
  const name = contextOf(lab);
  for (const list of LISTS) {
    const index = entriesOf(document, list).findIndex((entry) => entry.get('name') === name);
    if (index >= 0) document.deleteIn([list, index]);
  }
  if (document.get('current-context') === name) document.set('current-context', '');
  return document.toString(AS_KUBECTL);
}

/** Lists are not indented, as kubectl writes them: no line of others changes. */
const AS_KUBECTL = { lineWidth: 0, indentSeq: false };

const EMPTY = 'apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n';

function put(document: Document, list: string, entry: { readonly name: string }): void {
  const index = entriesOf(document, list).findIndex((known) => known.get('name') === entry.name);
  if (!isSeq(document.get(list))) document.set(list, document.createNode([]));
  const node = document.createNode(entry);
  if (index >= 0) document.setIn([list, index], node);
  else document.addIn([list], node);
}

function entriesOf(document: Document, list: string): readonly YAMLMap[] {
  const entries = document.get(list);
  return isSeq(entries) ? entries.items.filter(isMap) : [];
}
