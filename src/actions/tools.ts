import type { Logger } from 'pino';
import type { Observable } from 'rxjs';
import type { LiveModel } from '../../model/live-model.ts';
import type { Intent } from '../audits/action.ts';
import type { Term } from '../audits/leader.ts';
import type { Nova } from '../openstack/nova.ts';
import type { NovaControl } from '../openstack/nova-control.ts';

/** What is read anew before and while something is done to it. */
export interface ReadTarget {
  readonly kind: 'host' | 'instance';
  readonly id: string;
}

/** What all actions are carried out with. */
export interface ActionTools {
  readonly model: LiveModel;
  /** Emits when the model has changed. */
  readonly changed$: Observable<unknown>;
  /** Null when no OpenStack API is configured. */
  readonly nova: { readonly reading: Nova; readonly control: NovaControl } | null;
  /** Reads something of the cloud; resolves once the model has it, with what went wrong or null. */
  readonly read: (target: ReadTarget) => Promise<string | null>;
  readonly log: Logger;
  readonly now: () => number;
  /** After so long an action whose end was not seen has failed. */
  readonly timeoutMillis: number;
  /** For so long the model may be silent before nova is asked. */
  readonly silenceMillis: number;
}

/** What one action is carried out under. */
export interface ActionContext {
  readonly term: Term;
  /** Aborted when the action is to be stopped. */
  readonly cancel: AbortSignal;
  /** Nobody asked for it: what is doubtful about the hosts concerned stops it. */
  readonly automatic: boolean;
  /** Keeps what is about to be asked of nova. Throws {@link LeaseLost}. */
  keep(intent: Intent): Promise<void>;
}
