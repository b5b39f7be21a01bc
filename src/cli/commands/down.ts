import { labFiles, removeLabDirectory } from '../../clients/lab-directory.ts';
import { LabError } from '../../engine/errors.ts';
import { contextOf, withoutContext } from '../../kube/kubeconfig.ts';
import type { Owned } from '../../lab.ts';
import type { Command, Context, Ending } from '../command.ts';
import { withLab, type Session } from '../session.ts';
import { exitCodes } from '../trouble.ts';

/** Destroys what the lab owns and nothing else. */
export const down: Command = async (context) => {
  const before = await withLab(context, { to: 'look' }, (session) => belongings(session));
  list(context, before);
  if (isEmpty(before)) return { exit: exitCodes.inPlace, result: { removed: [] } };
  if (context.options.plan) return { exit: exitCodes.missing, result: { ...before } };
  if (!(await isWanted(context))) return { exit: exitCodes.stopped, result: { removed: [] } };
  return withLab(context, { to: 'change' }, (session) => remove(context, session));
};

/** All that `down` removes. */
interface Belongings {
  /** Marked as the lab's at its provider. */
  readonly owned: readonly Owned[];
  readonly directory: string;
  /** In the lab's directory: key, token, kubeconfig, reports; undefined where there is none. */
  readonly files?: readonly string[];
  /** Name of the context in the person's kubeconfig, where it is there. */
  readonly context?: string;
}

async function belongings({ lab, directory }: Session): Promise<Belongings> {
  const [owned, files, kubeconfig] = await Promise.all([
    lab.provider.owned(),
    labFiles(directory),
    lab.host.readFile(lab.userKubeconfig),
  ]);
  const hasContext = kubeconfig !== undefined && withoutContext(kubeconfig.content, lab.name) !== kubeconfig.content;
  return { owned, directory, ...(files && { files }), ...(hasContext && { context: contextOf(lab.name) }) };
}

function isEmpty({ owned, files, context }: Belongings): boolean {
  return owned.length === 0 && files === undefined && context === undefined;
}

function linesOf({ owned, directory, files, context }: Belongings): readonly string[] {
  return [
    ...owned.map(({ kind, name }) => `${kind} ${name}`),
    ...(files ? [`directory ${directory}${files.length > 0 ? ` with ${files.join(', ')}` : ''}`] : []),
    ...(context ? [`context ${context} of your kubeconfig`] : []),
  ];
}

function list({ screen, options }: Context, found: Belongings): void {
  if (options.json) return;
  if (isEmpty(found)) return screen.print('Nothing to remove: the lab owns nothing.');
  screen.print('This lab owns, and its end removes for good:');
  for (const line of linesOf(found)) screen.print(`  ${line}`);
}

async function isWanted({ options, screen, signal }: Context): Promise<boolean> {
  if (options.yes) return true;
  if (!screen.isTerminal || options.json)
    throw new LabError('nothing removed: there is no terminal to ask on', 'npm run lab:down -- --yes');
  if (await screen.ask('Remove all of it?', signal)) return true;
  screen.print('Nothing removed.');
  return false;
}

async function remove({ screen, signal, options }: Context, session: Session): Promise<Ending> {
  const { lab, directory } = session;
  // Looked up again: the answer may have taken its time, and this is under the lock.
  const found = await belongings(session);
  await lab.provider.remove(found.owned, signal);
  signal.throwIfAborted();
  const kubeconfig = await lab.host.readFile(lab.userKubeconfig);
  if (kubeconfig && found.context) {
    const { mode, content } = kubeconfig;
    await lab.host.writeFile(lab.userKubeconfig, { mode, content: withoutContext(content, lab.name) }, signal);
  }
  // Last, and only when nothing is left that its key opens.
  const { owned } = await belongings(session);
  if (owned.length > 0)
    throw new LabError(
      `could not remove ${owned.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
      'npm run lab:down once more',
    );
  await removeLabDirectory(directory);
  const left = await belongings(session);
  if (!isEmpty(left)) throw new LabError(`could not remove ${linesOf(left).join(', ')}`, 'npm run lab:down once more');
  if (!options.json) screen.print(`Removed. Nothing of lab ${lab.name} is left.`);
  return { exit: exitCodes.inPlace, result: { removed: linesOf(found) } };
}
