import { powerOn } from '../boot.ts';
import type { Fault } from './fault.ts';

export const hostKeyChanged: Fault = {
  name: 'host-key-changed',
  title: 'the first machine exists already, and shows another host key than the pinned one',
  alter: (world) => {
    const node = world.config.nodes[0];
    if (!node) return;
    const machine = world.create(node.name);
    powerOn(world, machine);
    machine.ready = true;
    machine.booted = true;
    const pinned = `${node.address} ssh-ed25519 ${Buffer.from('the key of before').toString('base64')}\n`;
    world.host.files.write(`${world.directory}/known_hosts`, { content: pinned, mode: 0o600 });
  },
};
