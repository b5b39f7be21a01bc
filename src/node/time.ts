import type { Lab } from '../lab.ts';
import type { Step } from '../engine/phase.ts';
import type { Machine } from '../lab.ts';

/** Certificates made by a clock that is ahead are "not yet valid" elsewhere; etcd warns from 1 s on. */
const MOST_SKEW_SECONDS = 5;

/** VM_CLOCK_SKEW: a machine that was paused or restored has the time of then. https://github.com/k3s-io/k3s/issues/6152 */
export async function timeSteps(lab: Lab, machine: Machine): Promise<readonly Step[]> {
  const [here, there] = await Promise.all([secondsOf(lab.host), secondsOf(machine)]);
  const skew = there - here;
  if (Math.abs(skew) <= MOST_SKEW_SECONDS) return [];
  return [
    {
      title: `set the clock of ${machine.name}, which is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}`,
      run: async (signal) => machine.run(['date', '-s', `@${await secondsOf(lab.host)}`], { signal }),
    },
  ];
}

async function secondsOf(computer: Pick<Machine, 'look' | 'name'>): Promise<number> {
  const { stdout } = await computer.look(['date', '+%s']);
  const seconds = Number(stdout.trim());
  if (!Number.isInteger(seconds) || seconds === 0) throw new Error(`date +%s on ${computer.name} printed ${stdout}`);
  return seconds;
}
