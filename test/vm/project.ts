import { resolve } from 'node:path';

/** The folder of package.json. */
export const project = resolve(import.meta.dirname, '../..');
