import { checksumWrong } from './checksum-wrong.ts';
import { clockSkew } from './clock-skew.ts';
import { dataDiskDirty } from './data-disk-dirty.ts';
import { diskFull } from './disk-full.ts';
import { dnsStub } from './dns-stub.ts';
import type { Fault } from './fault.ts';
import { hostKeyChanged } from './host-key-changed.ts';
import { memoryShort } from './memory-short.ts';
import { noKvm } from './no-kvm.ts';
import { noPlugin } from './no-plugin.ts';
import { noVagrant } from './no-vagrant.ts';
import { nodeNeverReady } from './node-never-ready.ts';
import { otherCluster } from './other-cluster.ts';
import { poolMissing } from './pool-missing.ts';
import { portTaken } from './port-taken.ts';
import { serverCrashes } from './server-crashes.ts';
import { sshRefused } from './ssh-refused.ts';
import { subnetTaken } from './subnet-taken.ts';
import { sudoPassword } from './sudo-password.ts';
import { wrongInterface } from './wrong-interface.ts';
import { wrongToken } from './wrong-token.ts';

/** Every fault that can be rehearsed: add yours here. */
export const faults: readonly Fault[] = [
  noKvm,
  noVagrant,
  noPlugin,
  subnetTaken,
  memoryShort,
  poolMissing,
  sshRefused,
  hostKeyChanged,
  sudoPassword,
  checksumWrong,
  diskFull,
  portTaken,
  otherCluster,
  wrongToken,
  clockSkew,
  dnsStub,
  wrongInterface,
  dataDiskDirty,
  nodeNeverReady,
  serverCrashes,
];
