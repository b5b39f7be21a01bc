import { commands } from './commands/index.ts';
import { columns } from './columns.ts';

/** The text of --help. */
export function helpLines(): readonly string[] {
  const rows = [...commands].map(([, { script, summary }]) => [`  npm run ${script}`, summary]);
  return [
    'Creates RKE2 Kubernetes labs and brings them to what config.yaml says.',
    '',
    ...columns(rows),
    '',
    'Options, behind two dashes (npm run lab:up -- --plan):',
    ...columns([
      ['  -c, --config FILE', 'instead of config.yaml'],
      ['      --plan', 'only say what would be done'],
      ['      --json', 'one JSON object a line'],
      ['  -y, --yes', 'do not ask'],
      ['  -v, --verbose', 'what programs print as well, and where an error comes from'],
      ['  -h, --help', 'this text'],
      ['      --fault NAME', 'lab:rehearse: what goes wrong in it'],
      ['      --list-faults', 'lab:rehearse: the names'],
    ]),
    '',
    'Exit codes: 0 all in place, 1 something missing, 2 error of the lab or of config.yaml, 70 a bug, 130 stopped.',
  ];
}
