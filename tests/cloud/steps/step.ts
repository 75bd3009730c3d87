import type { Scene } from '../scene.ts';

/** Something that is done to a cloud until all is at rest again; afterwards the model must be the cloud. */
export interface Step {
  readonly name: string;
  /** So many hosts must take servers. */
  readonly hosts: number;
  /** Needs a cloud whose processes can be killed and whose hypervisors fail when told to. */
  readonly breaks?: true;
  /** Also in short runs. */
  readonly short?: true;
  run(scene: Scene): Promise<void>;
}
