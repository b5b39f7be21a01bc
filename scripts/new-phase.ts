#!/usr/bin/env node
import { main } from '../src/cli/main.ts';

await main(['new-phase', ...process.argv.slice(2)]);
