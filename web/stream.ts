import type { Change, SnapshotPart } from './elements.ts';
import { followEvents } from './event-stream.ts';

export interface StreamHandlers {
  readonly onPart: (part: SnapshotPart) => void;
  /** Everything there was has been told; `parts` is 0 when there was nothing. */
  readonly onComplete: (parts: number) => void;
  readonly onChange: (change: Change) => void;
  readonly onRevision: (revision: string) => void;
  readonly onConnected: (connected: boolean) => void;
}

/**
 * Follows the model: a snapshot, then its changes. After a break it goes on after the last event that was seen; when that is too
 * old, a new snapshot comes in the same stream.
 */
export function follow(handlers: StreamHandlers): void {
  void followEvents('/model/changes?snapshot=true&kind=host&kind=instance', {
    onConnected: handlers.onConnected,
    onEvent: (name, data) => {
      const value: unknown = JSON.parse(data);
      if (name === 'snapshot') handlers.onPart(value as SnapshotPart);
      if (name === 'synced-snapshot') {
        const { revision, parts } = value as { revision: string; parts: number };
        handlers.onComplete(parts);
        handlers.onRevision(revision);
      }
      if (name === 'change') {
        handlers.onChange(value as Change);
        handlers.onRevision((value as Change).revision);
      }
    },
  });
}
