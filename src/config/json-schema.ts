import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The text of config.schema.json, by which editors complete and check config.yaml. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'config.yaml of an RKE2 lab' }, null, 2)}\n`;
}
