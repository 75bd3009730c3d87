import type { Registry } from 'prom-client';
import type { Api } from '../api/routes/route.ts';

/**
 * Something a process does beside holding the model. It is made before anybody listens, begun once the model is loaded, and
 * ended, whether it was begun or not, before the model is.
 */
export interface Part {
  /** Registers what it answers over HTTP; asked for in processes of the role `api` only. */
  readonly routes?: (api: Api) => void;
  /** Registers where it takes in what others bring, in whichever process it is. */
  readonly takesIn?: (api: Api) => void;
  /** Registers what it measures with the metrics of the process. */
  readonly measure?: (registry: Registry) => void;
  readonly begin?: () => unknown;
  readonly end?: () => unknown;
}
