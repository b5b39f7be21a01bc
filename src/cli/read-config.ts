import type { Config } from '../config/schema.ts';
import type { Context } from './command.ts';

/** The config.yaml that was asked for; what is only worth knowing about it is said. */
export async function readConfig(context: Context): Promise<Config> {
  const [{ loadConfig }, { notices }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/notices.ts'),
  ]);
  const config = await loadConfig(context.options.config);
  for (const { rule, path, message, fix, link } of notices(config))
    note(context, `${path}: ${message}; ${fix} (${rule}, ${link})`);
  return config;
}

/** Something to know that is not the result. */
export function note({ options, screen }: Pick<Context, 'options' | 'screen'>, text: string): void {
  if (options.json) screen.print(JSON.stringify({ type: 'note', text }));
  else screen.complain(`Note: ${text}`);
}
