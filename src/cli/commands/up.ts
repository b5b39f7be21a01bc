import { unitsOf } from '../../engine/units.ts';
import type { Command, Context } from '../command.ts';
import { conclude } from '../conclude.ts';
import { runAndShow } from '../run.ts';
import { withLab, type Session } from '../session.ts';
import { plan } from './plan.ts';

/** Brings the lab to what config.yaml says. */
export const up: Command = async (context) => {
  if (context.options.plan) return plan(context);
  return withLab(context, { to: 'change' }, async (session) => {
    const units = unitsOf(await context.phases(), session.config);
    const end = await runAndShow(context, { lab: session.lab, units });
    const ending = await conclude(context, session, { ...end, command: 'lab:up' });
    if (ending.exit === 0 && !context.options.json) await printNextSteps(context, session);
    return ending;
  });
};

async function printNextSteps({ screen }: Context, { lab }: Session): Promise<void> {
  const { contextOf } = await import('../../kube/kubeconfig.ts');
  const kubeconfig = `${lab.directory}/kubeconfig`;
  if (await lab.host.readFile(kubeconfig)) {
    screen.print(`  kubectl --context ${contextOf(lab.name)} get nodes`);
    screen.print(`  export KUBECONFIG=${kubeconfig}`);
  }
  screen.print('  npm run lab:status');
}
