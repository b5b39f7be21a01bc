import type { LabError } from '../engine/errors.ts';
import type { Lab } from '../lab.ts';

/** What a check may know of config.yaml where libvirt makes the machines. */
export interface HostWanted {
  readonly uri: string;
  readonly driver: 'kvm' | 'qemu';
  readonly pool: string;
  readonly managementNetwork: { readonly name: string; readonly subnet: string };
  readonly labSubnet: string;
  /** MB by machine name. */
  readonly memory: ReadonlyMap<string, number>;
}

/** The same where the machines are containers of systemd-nspawn. */
export interface NspawnWanted {
  readonly labSubnet: string;
  readonly managementSubnet: string;
  /** How many. */
  readonly machines: number;
}

/**
 * A trouble of the operator's computer that would stop the machines from being made.
 * One file each in this folder, listed in `index.ts`. It looks only; an answer is the error to show.
 */
export interface HostCheck<Wanted = HostWanted> {
  /** Stays the same for ever: people search for it. */
  readonly id: string;
  /** Where others met it. */
  readonly link: string;
  find(lab: Lab, wanted: Wanted): Promise<LabError | undefined>;
}
