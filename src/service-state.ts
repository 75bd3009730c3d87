import type { Observable } from 'rxjs';
import type { LiveModel, ModelChange } from '../model/live-model.ts';
import type { Revision } from '../model/revision.ts';
import type { ModelStore } from '../model/store.ts';
import type { SourceEvent } from '../streams/source.ts';
import type { Knowing } from './inquiry.ts';
import type { MeasuringState } from './metrics-sources/measuring-state.ts';
import type { ReconcileControl } from './reconcile/control.ts';
import type { ReconcileQuestions } from './reconcile/questions.ts';

/** What the rest of the service (API, metrics, page) may know of the running ingest and replica. */
export interface ServiceState {
  /** The cloud's (region's) name; prefixes keys and queue names. */
  readonly cloud: string;
  readonly model: LiveModel;
  readonly store: ModelStore;
  /** Emits in the tick in which the model was changed, so that a snapshot taken then and this tail fit without a gap. */
  readonly feed$: Observable<FeedItem>;
  freshness(): Freshness;
  sources(): readonly SourceReport[];
  counters(): IngestCounters;
  /** What an operator should mend, each as a code and a sentence that says what is lost and what to do. */
  notices(): readonly Notice[];
  /** What compares the model with the cloud's APIs; null when no API is configured, and until it is started. */
  readonly reconcile: ReconcileControl | null;
  /** Answers about that together with the process that makes the passes; null where this one is alone. */
  readonly elsewhere: Knowing<ReconcileQuestions> | null;
  /** What takes measurements in; null until it is started. */
  readonly measuring: MeasuringState | null;
}

export type FeedItem =
  | { readonly kind: 'changes'; readonly changes: readonly ModelChange[] }
  /** The model was loaded anew (store lost data, or the replica had fallen too far behind): subscribers start over. */
  | { readonly kind: 'resync'; readonly revision: Revision; readonly reason: string };

/** How far the model can be trusted now. */
export interface Freshness {
  readonly synced: boolean;
  /** Why not, one sentence each; empty when synced. */
  readonly reasons: readonly string[];
  /** Seconds since the model last heard anything, by this process's clock; null when it never did. */
  readonly ageSeconds: number | null;
}

export interface SourceReport {
  readonly name: string;
  readonly last: SourceEvent;
  /** Messages received since start. */
  readonly received: number;
  /** Received and not yet committed. */
  readonly pending: number;
  readonly gaps: number;
}

/** Since the start of this process. */
export interface IngestCounters {
  readonly messages: number;
  /** Messages of event types that claim nothing. */
  readonly ignored: number;
  readonly deadLetters: number;
  readonly factsWon: number;
  readonly factsLost: number;
  /** Clocks that were cut because they lay too far in the future. */
  readonly clocksCut: number;
  /** By event type, bounded to the types of the authority table plus `other`. */
  readonly byEvent: ReadonlyMap<string, number>;
}

export interface Notice {
  readonly code: string;
  readonly text: string;
}
