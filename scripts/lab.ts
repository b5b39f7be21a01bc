#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Taking the types off the source again and again would cost a tenth of a second.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/node'));
const { main } = await import('../src/cli/main.ts');
await main(process.argv.slice(2));
