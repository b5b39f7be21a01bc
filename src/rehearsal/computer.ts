import { LabError } from '../engine/errors.ts';
import type { Computer, Result, RunOptions, StoredFile } from '../lab.ts';
import type { FileTree } from './files.ts';
import type { Program } from './program.ts';
import type { Session } from './session.ts';

const LOOK_SECONDS = 0.02;
const WRITE_SECONDS = 0.05;
const NO_SUCH_PROGRAM = 127;

/** What a computer of the rehearsal is made of. */
export interface ComputerParts<Where extends { readonly files: FileTree }> {
  readonly session: Session;
  readonly name: string;
  /** Name in the record of writes. */
  readonly where: string;
  /** First word in the spelling of its writes: `machine` or `host`. */
  readonly kind: 'machine' | 'host';
  readonly programs: ReadonlyMap<string, Program<Where>>;
  /** Programs that may be missing there; another unknown name is a bug. */
  isMissing(on: Where, program: string): boolean;
  /** The computer, once it can be reached. */
  open(signal?: AbortSignal): Promise<Where>;
  /** A bug for a path outside the model; else the path as `Phase.writes` spells it. */
  spell(path: string): string;
  isUser(on: Where, user: string): boolean;
  /** Called before bytes are stored: throws a LabError where the disk is full. */
  makeRoom(on: Where, path: string, bytes: number): void;
}

export function rehearsedComputer<Where extends { readonly files: FileTree }>(parts: ComputerParts<Where>): Computer {
  return {
    name: parts.name,
    look: (argv) => look(parts, argv),
    run: (argv, options = {}) => run(parts, argv, options),
    readFile: (path) => readFile(parts, path),
    writeFile: (path, file, signal) =>
      change(parts, path, {
        signal,
        act: (on) => {
          refuseBelowFile(parts, on.files, path);
          refuseStranger(parts, on, { path, owner: file.owner });
          parts.makeRoom(on, path, Buffer.byteLength(file.content));
          on.files.write(path, file);
        },
      }),
    removeFile: (path, signal) => change(parts, path, { signal, act: ({ files }) => files.remove(path) }),
  };
}

async function look<Where extends { readonly files: FileTree }>(
  parts: ComputerParts<Where>,
  argv: readonly string[],
): Promise<Result> {
  const [name = '', ...args] = argv;
  if (parts.programs.get(name)?.changes(args))
    throw new Error(`this changes something, it must be run: ${argv.join(' ')}`);
  const on = await parts.open();
  await parts.session.wait(LOOK_SECONDS);
  return execute(parts, on, { argv });
}

async function run<Where extends { readonly files: FileTree }>(
  parts: ComputerParts<Where>,
  argv: readonly string[],
  options: RunOptions,
): Promise<string> {
  const [name = '', ...args] = argv;
  const program = parts.programs.get(name);
  if (program && !program.changes(args)) throw new Error(`this changes nothing, look is enough: ${argv.join(' ')}`);
  const what = program?.writes?.(args);
  const spelt = what === undefined ? `run ${name}` : parts.spell(what);
  const on = await parts.open(options.signal);
  return parts.session.write({ where: parts.where, what: `${parts.kind}:${spelt}` }, async () => {
    await parts.session.wait(WRITE_SECONDS, options.signal);
    const { code, stdout, stderr } = await execute(parts, on, { argv, ...options });
    if (code === 0) return stdout;
    throw new LabError(
      `could not run \`${argv.join(' ')}\` on ${parts.name}: exit code ${code}\n${stderr || stdout}`,
      `run it by hand on ${parts.name}: ${argv.join(' ')}`,
    );
  });
}

interface Execution extends RunOptions {
  readonly argv: readonly string[];
}

async function execute<Where extends { readonly files: FileTree }>(
  { session, programs, isMissing }: ComputerParts<Where>,
  on: Where,
  { argv, stdin, signal }: Execution,
): Promise<Result> {
  const [name = '', ...args] = argv;
  if (isMissing(on, name)) return { code: NO_SUCH_PROGRAM, stdout: '', stderr: `${name}: not found\n` };
  const program = programs.get(name);
  if (!program) throw new Error(`the rehearsal has no program: ${argv.join(' ')}`);
  return program.call({ world: session.world, on, args, stdin, wait: (seconds) => session.wait(seconds, signal) });
}

async function readFile<Where extends { readonly files: FileTree }>(
  parts: ComputerParts<Where>,
  path: string,
): Promise<StoredFile | undefined> {
  parts.spell(path);
  const { files } = await parts.open();
  await parts.session.wait(LOOK_SECONDS);
  refuseFolder(parts, files, path);
  refuseBelowFile(parts, files, path);
  return files.read(path);
}

interface FileChange<Where> {
  readonly signal: AbortSignal | undefined;
  act(on: Where): void;
}

async function change<Where extends { readonly files: FileTree }>(
  parts: ComputerParts<Where>,
  path: string,
  { signal, act }: FileChange<Where>,
): Promise<void> {
  const what = `${parts.kind}:${parts.spell(path)}`;
  const on = await parts.open(signal);
  await parts.session.write({ where: parts.where, what }, async () => {
    await parts.session.wait(WRITE_SECONDS, signal);
    refuseFolder(parts, on.files, path);
    act(on);
  });
}

/** A file cannot be where a folder is. */
export function refuseFolder({ name }: { readonly name: string }, files: FileTree, path: string): void {
  if (files.kind(path) === 'folder')
    throw new LabError(`could not use ${path} on ${name}: a file is expected there, it is a folder`, `ls -ld ${path}`);
}

/** Below a file there is no place for another, and nobody can say that one is absent. */
export function refuseBelowFile({ name }: { readonly name: string }, files: FileTree, path: string): void {
  const above = files.fileAbove(path);
  if (above !== undefined)
    throw new LabError(`could not use ${path} on ${name}: ${above} is no folder, it is a file`, `ls -ld ${above}`);
}

interface Gift {
  readonly path: string;
  /** `user:group` */
  readonly owner: string | undefined;
}

function refuseStranger<Where extends { readonly files: FileTree }>(
  { name, isUser }: ComputerParts<Where>,
  on: Where,
  { path, owner }: Gift,
): void {
  const stranger = owner?.split(':').find((who) => !isUser(on, who));
  if (stranger !== undefined)
    throw new LabError(`could not write ${path} on ${name}: invalid user: '${owner}'`, `on ${name}: id ${stranger}`);
}
