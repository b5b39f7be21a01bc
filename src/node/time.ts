import type { Step } from '../engine/phase.ts';
import type { Computer, Lab, Machine } from '../lab.ts';

/** Certificates made by a clock that is ahead are "not yet valid" elsewhere; etcd warns from 1 s on. */
const MOST_SKEW_SECONDS = 5;

/** VM_CLOCK_SKEW: a machine that was paused or restored has the time of then. https://github.com/k3s-io/k3s/issues/6152 */
export async function timeSteps(lab: Pick<Lab, 'host'>, machine: Machine): Promise<readonly Step[]> {
  const [before, there] = await Promise.all([secondsOf(lab.host), secondsOf(machine)]);
  if (Math.abs(there - before) <= MOST_SKEW_SECONDS) return [];
  // The machine's answer is as old as its log-in was slow: only what lies outside of that time is skew.
  const after = await secondsOf(lab.host);
  if (there >= before - MOST_SKEW_SECONDS && there <= after + MOST_SKEW_SECONDS) return [];
  return [
    {
      // Without the seconds: they differ with every look, and the engine knows a step that does not take hold by its title.
      title: `set the clock of ${machine.name}, which is ${there > after ? 'ahead' : 'behind'}`,
      run: async (signal) => machine.run(['date', '-s', `@${await secondsOf(lab.host)}`], { signal }),
    },
  ];
}

async function secondsOf(computer: Pick<Computer, 'look' | 'name'>): Promise<number> {
  const { stdout } = await computer.look(['date', '+%s']);
  const seconds = Number(stdout.trim());
  if (!Number.isInteger(seconds) || seconds === 0) throw new Error(`date +%s on ${computer.name} printed ${stdout}`);
  return seconds;
}
