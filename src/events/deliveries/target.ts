import type { CloudEvent } from '../cloud-event.ts';

/** What became of one attempt to tell an event. */
export interface Attempt {
  readonly ok: boolean;
  /** What was answered, or why nothing was, in a sentence; no secrets. */
  readonly detail: string;
}

/** Somebody outside who is told of events, one after the other. */
export interface Target {
  /** Unique among the configured ones of its kind. */
  readonly name: string;
  readonly kind: 'webhook' | 'watcher';
  wants(event: CloudEvent): boolean;
  /** Tells an event once; resolves also when that failed. */
  tell(event: CloudEvent, signal: AbortSignal): Promise<Attempt>;
  close?(): Promise<void>;
}
