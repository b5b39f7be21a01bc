/** Something that is measured. Lives in `bench/`, one file each, and is listed in `bench/benchmarks.ts`. */
export interface Benchmark {
  /** What a person types behind `npm run bench --`, and the file's name. */
  readonly name: string;
  readonly title: string;
  /** Why it cannot be measured here; undefined = it can. */
  obstacle(): Promise<string | undefined>;
  measure(wanted: Wanted): Promise<Measured>;
}

export interface Wanted {
  /** Undefined = as many as the benchmark thinks right. */
  readonly runs?: number;
  /** Numbers of machines; undefined = the benchmark's own. */
  readonly machines?: readonly number[];
  /** Tells how far it is. */
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly tables: readonly Table[];
  /** What must be known to read the figures. */
  readonly notes: readonly string[];
}

export interface Table {
  /** What its rows have in common. */
  readonly title?: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly what: string;
  readonly unit: 's' | 'MB';
  /** One a run, in the order of the runs. */
  readonly samples: readonly number[];
  /** What it may be at the most. */
  readonly limit?: number;
  /** The rows that it is compared with. */
  readonly against?: readonly Row[];
}
