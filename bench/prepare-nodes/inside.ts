import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Measured, Row, Table } from '../benchmark.ts';
import { node } from '../program.ts';
import { seconds } from '../samples.ts';
import { openAnsible, runAnsible, type Tuning } from './ansible.ts';
import { makeKey, onFreshMachines, type BenchMachine } from './machines.ts';
import { knownHosts, onEach } from './open-ssh.ts';
import { openProductLab, runProduct } from './product.ts';

const LOG_INS = fileURLToPath(new URL('./log-ins.ts', import.meta.url));
/** With more machines, Ansible's own settings would take minutes and show nothing new. */
const MOST_AS_IT_COMES = 5;
/** What both must leave behind. */
const END_STATE = `cat /etc/sysctl.d/90-rke2-lab.conf /etc/systemd/resolved.conf.d/90-rke2-lab.conf
stat -c '%A %U %G' /etc/sysctl.d/90-rke2-lab.conf /etc/systemd/resolved.conf.d/90-rke2-lab.conf
sysctl fs.inotify.max_user_instances fs.inotify.max_user_watches net.ipv4.ip_forward
readlink /etc/resolv.conf; cat /etc/resolv.conf; ss -Hlun 'sport = :53'; systemctl is-active systemd-resolved`;

interface Wanted {
  readonly root: string;
  readonly ansible: string;
  readonly runs: number;
  readonly machines: readonly number[];
}

const wanted: Wanted = JSON.parse(process.argv[2] ?? '');
await makeKey();
const tables: Table[] = [];
// oxlint-disable-next-line no-await-in-loop -- one at a time, or they would slow each other down
for (const count of wanted.machines) tables.push(await measure(count));
const { stdout: version } = await execa(`${wanted.ansible}/bin/ansible`, ['--version'], { env: { LC_ALL: 'C.UTF-8' } });
const measured: Measured = {
  tables,
  notes: [
    `${version.split('\n')[0]}; forks = 20, pipelining, no facts gathered, ControlPersist: its second run uses the log-ins of its first.`,
    'Whole commands, from start to end of the program; both must leave the same state behind, which is compared.',
    "All machines share this computer and its kernel. fs.inotify.* are files of each machine, laid over the kernel's own keys; net.ipv4.ip_forward is real.",
  ],
};
console.log(JSON.stringify(measured));

interface Times {
  readonly first: number[];
  readonly second: number[];
}

async function measure(count: number): Promise<Table> {
  const times = {
    product: newTimes(),
    tuned: newTimes(),
    default: newTimes(),
    ssh2: [] as number[],
    openSsh: [] as number[],
  };
  for (let run = 1; run <= wanted.runs; run += 1) {
    console.error(`prepare-nodes: ${count} machines, run ${run} of ${wanted.runs}`);
    // oxlint-disable-next-line no-await-in-loop -- one at a time, or they would slow each other down
    const states = [
      await onFresh(count, (machines) => product(machines, times)),
      await onFresh(count, (machines) => ansible(machines, 'tuned', times.tuned)),
    ];
    if (states[0] !== states[1])
      throw new Error(`product and Ansible leave different machines:\n${states.join('\n--\n')}`);
  }
  if (count <= MOST_AS_IT_COMES) await onFresh(count, (machines) => ansible(machines, 'default', times.default));
  return tableOf(count, times);
}

function onFresh<T>(count: number, task: (machines: readonly BenchMachine[]) => Promise<T>): Promise<T> {
  return onFreshMachines({ root: wanted.root, count }, task);
}

interface AllTimes {
  readonly product: Times;
  readonly tuned: Times;
  readonly default: Times;
  readonly ssh2: number[];
  readonly openSsh: number[];
}

async function product(machines: readonly BenchMachine[], times: AllTimes): Promise<string> {
  await knownHosts(machines);
  await openProductLab(machines);
  await twice(runProduct, times.product);
  times.ssh2.push(await seconds(() => node([LOG_INS, ...machines.map(({ address }) => address)])));
  times.openSsh.push(await seconds(() => onEach(machines, 'true')));
  return stateOf(machines);
}

async function ansible(machines: readonly BenchMachine[], tuning: Tuning, times: Times): Promise<string> {
  await openAnsible(machines, tuning);
  await twice(() => runAnsible(wanted.ansible), times);
  return stateOf(machines);
}

/** A run that has all to do, and one that has nothing to do. */
async function twice(run: () => Promise<number>, times: Times): Promise<void> {
  const changes: number[] = [];
  const sample = async () => changes.push(await run());
  times.first.push(await seconds(sample));
  times.second.push(await seconds(sample));
  if (changes[0] === 0 || changes[1] !== 0)
    throw new Error(`expected changes, then none; got ${changes.join(', then ')}`);
}

async function stateOf(machines: readonly BenchMachine[]): Promise<string> {
  return (await onEach(machines, END_STATE)).join('\n');
}

function newTimes(): Times {
  return { first: [], second: [] };
}

function tableOf(count: number, times: AllTimes): Table {
  const row = (what: string, samples: readonly number[], against: readonly Row[] = []): Row => ({
    what,
    unit: 's',
    samples,
    against,
  });
  const first = row('ansible, all to do', times.tuned.first);
  const firstDefault = row('ansible as it comes, all to do', times.default.first);
  const second = row('ansible, nothing to do', times.tuned.second);
  const secondDefault = row('ansible as it comes, nothing to do', times.default.second);
  const ssh2 = row('bare log-ins (ssh2)', times.ssh2);
  const openSsh = row('bare log-ins (OpenSSH)', times.openSsh);
  const rows = [
    row('prepare-nodes, all to do', times.product.first, [first]),
    first,
    firstDefault,
    row('prepare-nodes, nothing to do', times.product.second, [second, ssh2]),
    second,
    secondDefault,
    ssh2,
    openSsh,
  ];
  return {
    title: `${count} ${count === 1 ? 'machine' : 'machines'}`,
    rows: rows.filter(({ samples }) => samples.length > 0),
  };
}
