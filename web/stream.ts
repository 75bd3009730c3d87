import type { Change, SnapshotPart } from './elements.ts';

export interface StreamHandlers {
  readonly onPart: (part: SnapshotPart) => void;
  /** Everything there was has been told; `parts` is 0 when there was nothing. */
  readonly onComplete: (parts: number) => void;
  readonly onChange: (change: Change) => void;
  readonly onRevision: (revision: string) => void;
  readonly onConnected: (connected: boolean) => void;
}

/** Where an EventSource gave up (it was refused), it is begun anew after so long (ms). */
const RETRY = 5_000;

/**
 * Follows the model: a snapshot, then its changes. The browser itself resumes after the last event it saw; when that is
 * too old, a new snapshot comes in the same stream.
 */
export function follow(handlers: StreamHandlers): void {
  const source = new EventSource('/model/changes?snapshot=true&kind=host&kind=instance');
  const on = <T>(name: string, handle: (data: T) => void): void => {
    source.addEventListener(name, (event) => {
      handle(JSON.parse(event.data) as T);
    });
  };
  source.onopen = () => handlers.onConnected(true);
  source.onerror = () => {
    handlers.onConnected(false);
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(follow, RETRY, handlers);
  };
  on<SnapshotPart>('snapshot', handlers.onPart);
  on<{ revision: string; parts: number }>('synced-snapshot', ({ revision, parts }) => {
    handlers.onComplete(parts);
    handlers.onRevision(revision);
  });
  on<Change>('change', (change) => {
    handlers.onChange(change);
    handlers.onRevision(change.revision);
  });
}
