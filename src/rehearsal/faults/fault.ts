import type { World } from '../world.ts';

/** Something that goes wrong in a rehearsal. One file each in this folder, listed in `index.ts`. */
export interface Fault {
  /** What a person types: `--fault no-kvm`. */
  readonly name: string;
  /** What is broken, in a few words. */
  readonly title: string;
  /** Breaks the world, before anything was done. */
  alter(world: World): void;
}
