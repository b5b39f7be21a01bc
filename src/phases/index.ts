import type { AnyPhase } from '../engine/phase.ts';
import { checkHost } from './check-host.ts';
import { configureCilium } from './configure-cilium.ts';
import { createMachines } from './create-machines.ts';
import { fetchRke2 } from './fetch-rke2.ts';
import { installRke2 } from './install-rke2.ts';
import { prepareNodes } from './prepare-nodes.ts';

/** Every phase: add yours here. The order of running comes from `needs`, this one is for people. */
export const phases: readonly AnyPhase[] = [
  checkHost,
  createMachines,
  fetchRke2,
  prepareNodes,
  configureCilium,
  installRke2,
];
