import { loadConfig } from '../../src/config/load.ts';
import { isInPlace, planUnits } from '../../src/engine/plan.ts';
import { runUnits } from '../../src/engine/run.ts';
import { unitsOf } from '../../src/engine/units.ts';
import { phases } from '../../src/phases/index.ts';
import { openRehearsal } from '../../src/rehearsal/open.ts';
import { seconds } from '../samples.ts';

const [file = ''] = process.argv.slice(2);
const config = await loadConfig(file);
const units = unitsOf(phases, config);
const rehearsal = openRehearsal({ config });
const { signal } = new AbortController();

const upSeconds = await seconds(async () => {
  const reports = await runUnits({ lab: rehearsal.lab, units, signal, onEvent: () => {} });
  const failed = reports.find(({ outcome }) => outcome.state !== 'done');
  if (failed) throw new Error(`${failed.unit.name}: ${JSON.stringify(failed.outcome)}`);
});
const planSeconds = await seconds(async () => {
  const plans = await planUnits(rehearsal.revive(), units);
  if (!plans.every(isInPlace)) throw new Error('the finished lab is not in place');
});
console.log(JSON.stringify({ upSeconds, planSeconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
