/** Runs the scenarios one after another, in the namespaces that enclosed.sh made; ends in `N passed, N failed`. */
import { scenarios } from './scenarios.ts';
import { makeWorld } from './world.ts';

const [state] = process.argv.slice(2);
if (state === undefined) throw new Error('inside.ts wants the folder of the state');
const world = await makeWorld(state);
let passed = 0;
let failed = 0;
for (const { title, run } of scenarios) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  try {
    const figures = await run(world);
    passed += 1;
    process.stdout.write(
      `ok      ${title} (${[...(figures === undefined ? [] : [figures]), `${seconds()} s`].join(', ')})\n`,
    );
  } catch (error) {
    failed += 1;
    process.stdout.write(
      `FAILED  ${title} (${seconds()} s)\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
  }
}
world.mirror.close();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
