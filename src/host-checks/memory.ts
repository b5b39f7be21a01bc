import { LabError } from '../engine/errors.ts';
import type { HostCheck } from './host-check.ts';

export const memory: HostCheck = {
  id: 'HOST_MEMORY_SHORT',
  link: 'https://docs.rke2.io/install/requirements#hardware',
  async find(lab, wanted) {
    const [meminfo, machines] = await Promise.all([lab.host.readFile('/proc/meminfo'), lab.provider.list()]);
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo?.content ?? '')?.[1];
    if (!kilobytes) throw new Error('/proc/meminfo has no MemAvailable');
    const available = Math.floor(Number(kilobytes) / 1024);
    const running = new Set(machines.filter(({ state }) => state === 'running').map(({ name }) => name));
    const missing = [...wanted.memory].filter(([name]) => !running.has(name));
    const sum = missing.reduce((total, [, megabytes]) => total + megabytes, 0);
    if (sum <= available) return undefined;
    return new LabError(
      `the machines ${missing.map(([name]) => name).join(', ')} want ${sum} MB, this computer has ${available} MB free`,
      'choose a smaller machines.size in config.yaml or less memory a machine, or stop something else',
    );
  },
};
