import type { Instance } from '../state/types.ts';

/** What an API answers instead of what it should. */
export type RestFault =
  /** Some status, with a body or none. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** The right answer, so many bytes of it, and then the connection is cut. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** No answer at all until the client gives up. */
  | { readonly kind: 'hang' }
  /** The right answer, once something has come about. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> };

/** Faults on demand. The functions are asked at each call, so that a test can change its mind. */
export interface RestFaults {
  /** `path` with its query; null: no fault. */
  fault?(method: string, path: string): RestFault | null;
  /** Servers of a cell that nova cannot reach. */
  isInDownCell?(instance: Instance): boolean;
  /** Hosts of such a cell. */
  isHostInDownCell?(host: string): boolean;
}
