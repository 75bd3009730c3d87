import type { Cloud } from '../cloud.ts';

/** One kind of operation that a cloud begins by itself. */
export interface MixEntry {
  readonly name: string;
  /** How often, in relation to the others. */
  readonly weight: number;
  /** Begins one; false when nothing there is fit for it now. */
  readonly begin: (cloud: Cloud) => boolean;
}
