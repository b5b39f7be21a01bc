import type { Command } from '../command.ts';

export interface CommandEntry {
  /** What a person types behind `npm run`. */
  readonly script: string;
  readonly summary: string;
  /** Loads the command when it is wanted: `--help` must not wait for what others need. */
  load(): Promise<Command>;
}

/** Every command by name: add yours here, and its script to package.json. */
export const commands: ReadonlyMap<string, CommandEntry> = new Map([
  [
    'up',
    {
      script: 'lab:up',
      summary: 'brings the lab to what config.yaml says; a second run changes nothing',
      load: async () => (await import('./up.ts')).up,
    },
  ],
  [
    'plan',
    {
      script: 'lab:plan',
      summary: 'what lab:up would do now; exit code 1 if there is anything',
      load: async () => (await import('./plan.ts')).plan,
    },
  ],
  [
    'status',
    {
      script: 'lab:status',
      summary: 'machines, nodes, phases, addresses, where the credentials are',
      load: async () => (await import('./status.ts')).status,
    },
  ],
  [
    'stop',
    {
      script: 'lab:stop',
      summary: 'stops the machines, disks kept',
      load: async () => (await import('./stop.ts')).stop,
    },
  ],
  [
    'start',
    {
      script: 'lab:start',
      summary: 'starts machines that were stopped',
      load: async () => (await import('./start.ts')).start,
    },
  ],
  [
    'down',
    {
      script: 'lab:down',
      summary: 'destroys what the lab owns and nothing else; lists it and asks first',
      load: async () => (await import('./down.ts')).down,
    },
  ],
  [
    'rehearse',
    {
      script: 'lab:rehearse',
      summary: 'all phases on a lab in memory: needs no KVM, no root, no network',
      load: async () => (await import('./rehearse.ts')).rehearse,
    },
  ],
  [
    'phase',
    {
      script: 'phase',
      summary: 'lists the phases and their state; with a name, runs that one',
      load: async () => (await import('./phase.ts')).phase,
    },
  ],
  [
    'new-phase',
    {
      script: 'new:phase',
      summary: 'for those who add one: writes its file, its test and its line in the list',
      load: async () => (await import('./new-phase.ts')).newPhase,
    },
  ],
  [
    'docs',
    {
      script: 'docs',
      summary: 'writes what is generated: config.schema.json, the table of phases',
      load: async () => (await import('./docs.ts')).docs,
    },
  ],
]);
