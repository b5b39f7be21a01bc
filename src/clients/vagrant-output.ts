/** One line of `vagrant … --machine-readable`. Form: https://developer.hashicorp.com/vagrant/docs/cli/machine-readable */
export interface VagrantLine {
  /** The machine that it is about; empty = all. */
  readonly machine: string;
  /** `ui`, `action`, `error-exit` … */
  readonly kind: string;
  readonly data: readonly string[];
}

/** undefined for what is no such line: warnings of Ruby and of plug-ins go there too. */
export function readVagrantLine(line: string): VagrantLine | undefined {
  const [time, machine, kind, ...data] = line.split(',');
  if (time === undefined || !/^\d+$/.test(time) || machine === undefined || kind === undefined) return undefined;
  return { machine, kind, data: data.map(unescaped) };
}

/** What it says to a person: `dev-s1: Starting domain.`; undefined where it says nothing. */
export function saidToPerson({ machine, kind, data }: VagrantLine): string | undefined {
  if (kind !== 'ui') return undefined;
  const text = (data[1] ?? '').replaceAll(new RegExp(`^(==> | *)${machine}: `, 'gm'), '').trim();
  // The settings of a new domain, one a line, would bury what matters.
  if (text === '' || text.startsWith('-- ')) return undefined;
  return machine === '' ? text : `${machine}: ${text}`;
}

/** The machine whose `vagrant up` came to its good end. */
export function machineDone({ machine, kind, data }: VagrantLine): string | undefined {
  return kind === 'action' && data[0] === 'up' && data[1] === 'end' ? machine : undefined;
}

function unescaped(field: string): string {
  return field.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}
