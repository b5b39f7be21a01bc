import { LabError } from '../engine/errors.ts';
import { definePhase, type Step } from '../engine/phase.ts';
import type { Lab, ProvidedMachine } from '../lab.ts';
import { checkHost } from './check-host.ts';

interface Want {
  readonly names: readonly string[];
}

export const createMachines = definePhase({
  name: 'create-machines',
  title: 'Create the machines',
  scope: 'lab',
  needs: { host: checkHost },
  reads: (config): Want => ({ names: config.nodes.map(({ name }) => name) }),
  writes: ['host:<lab>/id_ed25519', 'host:<lab>/token', 'host:<lab>/known_hosts', 'provider'],
  within: 900,
  async plan(lab, { names }) {
    const [secrets, machines] = await Promise.all([secretSteps(lab), lab.provider.list()]);
    refuseForeign(machines);
    refuseChanged(machines);
    return [...secrets, ...machineSteps(lab, names, machines)];
  },
});

/** Each lab has a key and a token of its own: one that is lost or stolen opens no other lab. */
async function secretSteps(lab: Lab): Promise<readonly Step[]> {
  const key = `${lab.directory}/id_ed25519`;
  const token = `${lab.directory}/token`;
  const [hasKey, hasToken] = await Promise.all([lab.host.readFile(key), lab.host.readFile(token)]);
  const steps: Step[] = [];
  if (!hasKey) {
    const argv = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `rke2-lab ${lab.name}`, '-f', key];
    steps.push({ title: `make the SSH key of lab ${lab.name}`, run: (signal) => lab.host.run(argv, { signal }) });
  }
  if (!hasToken)
    steps.push({
      title: `make the token of lab ${lab.name}`,
      run: (signal) => lab.host.writeFile(token, { content: lab.newSecret(), mode: 0o600 }, signal),
    });
  return steps;
}

/** HOST_ORPHAN_DOMAIN: a machine of somebody else is never taken over. https://github.com/vagrant-libvirt/vagrant-libvirt/issues/447 */
function refuseForeign(machines: readonly ProvidedMachine[]): void {
  const foreign = machines.filter(({ owner }) => owner === 'foreign').map(({ name }) => name);
  if (foreign.length === 0) return;
  throw new LabError(
    `there is already a machine ${foreign.join(', ')}, which does not carry this lab's mark`,
    'choose another lab.name in config.yaml, or remove that machine yourself if nobody needs it',
  );
}

function refuseChanged(machines: readonly ProvidedMachine[]): void {
  const changed = machines.filter(({ differs }) => differs.length > 0);
  if (changed.length === 0) return;
  throw new LabError(
    changed.map(({ name, differs }) => `${name} is not as config.yaml says: ${differs.join(', ')}`).join('; '),
    'put the old values back in config.yaml, or make the lab anew: npm run lab:down, then npm run lab:up',
  );
}

function machineSteps(lab: Lab, names: readonly string[], machines: readonly ProvidedMachine[]): readonly Step[] {
  const stateOf = new Map(machines.map(({ name, state }) => [name, state]));
  const absent = names.filter((name) => !stateOf.has(name));
  const stopped = names.filter((name) => stateOf.get(name) === 'stopped');
  const steps: Step[] = [];
  if (absent.length > 0)
    steps.push({
      title: `create ${absent.join(', ')}`,
      run: async (signal) => {
        // A machine made anew has a new host key: the pin of its predecessor would only accuse it.
        for (const name of absent) await lab.machine(name).forget();
        await lab.provider.up(absent, signal);
      },
    });
  if (stopped.length > 0)
    steps.push({ title: `start ${stopped.join(', ')}`, run: (signal) => lab.provider.up(stopped, signal) });
  return steps;
}
