/**
 * Everything that a phase can touch, as interfaces.
 * Implemented by `clients/` (the real world) and `rehearsal/` (a lab in memory); one contract suite in
 * `test/contract/` runs on both. A method either answers or throws: what could not be read is never "absent".
 */
export interface Lab {
  /** `lab.name` of config.yaml. */
  readonly name: string;
  /** Folder of the lab's own files on the operator's computer (key, known_hosts, kubeconfig, token), absolute, mode 0700. */
  readonly directory: string;
  /** The operator's own kubeconfig, `~/.kube/config` or the first of KUBECONFIG. Other contexts in it are not ours. */
  readonly userKubeconfig: string;
  readonly clock: Clock;
  /** The operator's computer. */
  readonly host: Computer;
  /** Makes, starts and removes the machines. */
  readonly provider: Provider;
  /** A machine of config.yaml, reached over SSH as root. Does not connect before the first read. */
  machine(name: string): Machine;
  /** The cluster's API, through the lab's kubeconfig; throws a LabError while there is none. */
  readonly kube: Kube;
  /** The download cache of RKE2's files on the operator's computer. */
  readonly artefacts: Artefacts;
  /** A fresh secret of 32 random bytes, as 64 hexadecimal digits. */
  newSecret(): string;
}

/** Time, so that rehearsal and tests need none. */
export interface Clock {
  /** Seconds since some moment in the past. */
  now(): number;
  /** Resolves after so many seconds; rejects with the signal's reason once aborted. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** What a program printed and how it ended. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A file with who may read it. */
export interface StoredFile {
  readonly content: string;
  /** Permission bits, `0o600`. */
  readonly mode: number;
  /** `user:group`. */
  readonly owner: string;
}

/** What `writeFile` takes: mode 0o644 and owner root:root (on the host: the operator) unless said. */
export interface NewFile {
  readonly content: string;
  readonly mode?: number;
  readonly owner?: string;
}

export interface RunOptions {
  /** Sent to standard input: the way for secrets, which never go into `argv`. */
  readonly stdin?: string;
  readonly signal?: AbortSignal;
}

/** Programs and files of one computer: the operator's (as that user) or a machine of the lab (as root). */
export interface Computer {
  readonly name: string;
  /** Runs a program that changes nothing; any exit code is an answer. Repeated once when the connection breaks. 127 = no such program. */
  look(argv: readonly string[]): Promise<Result>;
  /** Runs a program that changes something; an exit code other than 0 is a LabError with its output. Never repeated. Returns stdout. */
  run(argv: readonly string[], options?: RunOptions): Promise<string>;
  /** The file, or undefined where there is none. A folder, or a file that may not be read, is a LabError. */
  readFile(path: string): Promise<StoredFile | undefined>;
  /** Whole and at once (written beside and renamed); missing folders are made. */
  writeFile(path: string, file: NewFile, signal?: AbortSignal): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  removeFile(path: string, signal?: AbortSignal): Promise<void>;
}

/** A machine of the lab. */
export interface Machine extends Computer {
  /** Copies a file of the operator's computer there, whole and at once, its SHA-256 verified on arrival. */
  upload(artefact: Artefact, path: string, signal?: AbortSignal): Promise<void>;
  /** Forgets the pinned host key: only after the machine was made anew by this lab. */
  forget(): Promise<void>;
}

/** A machine as its provider sees it. */
export interface ProvidedMachine {
  /** Name in config.yaml. */
  readonly name: string;
  readonly state: 'running' | 'stopped';
  /** Whose it is: 'lab' carries this lab's mark, 'foreign' only has a name that the lab wants. */
  readonly owner: 'lab' | 'foreign';
  /** Differences from config.yaml that only a new machine would take on, in words: `memory 2048 MB, wanted 4096 MB`. */
  readonly differs: readonly string[];
}

/** Something that carries the lab's mark and that `lab:down` will remove. */
export interface Owned {
  readonly kind: 'machine' | 'volume' | 'network';
  readonly name: string;
}

/** Makes machines. Implemented for libvirt (by Vagrant), for containers (by systemd-nspawn) and for machines that exist already (`hosts`). */
export interface Provider {
  readonly kind: 'libvirt' | 'nspawn' | 'hosts';
  /** The machines of config.yaml that exist; of `hosts`, all of them. */
  list(): Promise<readonly ProvidedMachine[]>;
  /** Everything with the lab's mark, machines of an older config.yaml included. */
  owned(): Promise<readonly Owned[]>;
  /** Makes or starts the machines, together. */
  up(names: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Stops them, disks kept. */
  stop(names: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Removes what `owned` lists, and nothing else. */
  remove(owned: readonly Owned[], signal?: AbortSignal): Promise<void>;
}

/** A file in the cache, its digest checked. */
export interface Artefact {
  readonly file: string;
  /** Path on the operator's computer. */
  readonly path: string;
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

export interface Artefacts {
  /** What the cache has of this release and passes its checksum file; undefined = not (wholly) there. */
  find(release: string, file: string): Promise<Artefact | undefined>;
  /** Downloads what is missing of it, goes on where a broken download stopped, verifies. A wrong checksum is a LabError and leaves nothing. */
  fetch(release: string, file: string, signal?: AbortSignal): Promise<void>;
}

/** A Kubernetes object: the fields that everything has, the rest untyped. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- the erased edge: the shape is the kind's own
  readonly [field: string]: any;
}

/** Which objects: one, or all of a kind (of a namespace). */
export interface Scope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface Kube {
  /** The object, or undefined where the API says that there is none. Refused or unreachable is a LabError. */
  get(scope: Scope & { readonly name: string }): Promise<KubeObject | undefined>;
  list(scope: Scope): Promise<readonly KubeObject[]>;
  /** Deletes just this object, by its uid: another one of the same name stays. Gone already is no error. */
  remove(object: KubeObject): Promise<void>;
  /** Calls `onChange` when something in the scope changes after this call, until the returned function is called. */
  watch(scope: Scope, onChange: () => void): () => void;
}
