import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import type { Value } from '../../model/fact.ts';
import { instanceKey, LiveModel } from '../../model/live-model.ts';
import type { ModelStore } from '../../model/store.ts';
import { openEmbeddedStore } from '../../model/stores/embedded/embedded-store.ts';
import { instanceNamed } from '../../streams/authority/facts.ts';
import { decodeEnvelope } from '../../streams/decode/envelope.ts';
import { Undecodable } from '../../streams/decode/undecodable.ts';
import { type Ingested, ingest } from '../../streams/ingest.ts';
import type { RawMessage } from '../../streams/source.ts';
import { recordingSource } from '../../streams/sources/recording.ts';
import { microsNow } from '../clock.ts';

/** One line of the answer: an instance that the recordings name, as it ended. */
interface ReplayedInstance {
  readonly [key: string]: Value;
  readonly uuid: string;
  readonly host: string | null;
  readonly node: string | null;
  readonly state: string | null;
  readonly task_state: string | null;
  readonly deleted: boolean;
}

/**
 * Joins all facts of recordings in a fresh temporary store, through the same source, ingest and store as a service, and
 * returns every instance they name, sorted by uuid. `onLetter` is told of each message that could not be used.
 */
export async function replay(files: readonly string[], onLetter: (text: string) => void): Promise<ReplayedInstance[]> {
  const path = await mkdtemp(join(tmpdir(), 'vigil-replay-'));
  // Also when the process is ended in the midst of it.
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  const store = await openEmbeddedStore({ path });
  try {
    const named = new Set<string>();
    const messages$ = recordingSource({ files }).messages$.pipe(tap((message) => noteInstance(message, named)));
    const report = (batch: Ingested): void => {
      for (const { letter } of batch.decoded)
        if (letter) onLetter(`${letter.origin}: ${letter.reason}: ${letter.detail}`);
    };
    await lastValueFrom(ingest(messages$, store, microsNow).pipe(tap(report)), { defaultValue: undefined });
    const model = await loaded(store);
    return [...named].sort().map((uuid) => replayed(model, uuid));
  } finally {
    await store.close();
    await rm(path, { recursive: true, force: true });
    process.off('exit', remove);
  }
}

/** What cannot be decoded names nothing here: the ingest makes a dead letter of it and reports it. */
function noteInstance(message: RawMessage, named: Set<string>): void {
  try {
    const uuid = instanceNamed(decodeEnvelope(message.body));
    if (uuid !== null) named.add(uuid);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
  }
}

async function loaded(store: ModelStore): Promise<LiveModel> {
  const model = new LiveModel();
  const head = await store.head();
  for await (const facts of store.scan()) model.load(facts, head);
  return model;
}

function replayed(model: LiveModel, uuid: string): ReplayedInstance {
  const instance = model.instance(uuid);
  return {
    uuid,
    host: instance?.place?.host ?? null,
    node: instance?.place?.node ?? null,
    state: instance?.state?.vm_state ?? null,
    task_state: instance?.state?.task_state ?? null,
    deleted: model.isDeleted(instanceKey(uuid)),
  };
}
