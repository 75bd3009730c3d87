import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ELEMENT_KINDS } from '../../../model/element.ts';
import type { Fact } from '../../../model/fact.ts';
import { elementFilter } from '../../../src/api/changes/filter.ts';
import { representOwn } from '../../../src/api/elements/own.ts';
import { testApi } from './api.ts';
import { EventReader, type SentEvent } from './event-reader.ts';
import {
  aggregateFacts,
  deleted,
  fact,
  groupFacts,
  hostFacts,
  instanceFacts,
  moved,
  type TestState,
  testState,
} from './state.ts';

type Copy = Map<string, unknown>;

/** What the contract in docs/api.md asks of a subscriber. */
function follow(copy: Copy, { name, data }: SentEvent): void {
  if (name === 'resync' || (name === 'snapshot' && data.part === 0)) copy.clear();
  if (name === 'synced-snapshot' && data.parts === 0) copy.clear();
  for (const element of data.elements ?? []) copy.set(`${data.kind}/${element.uuid ?? element.name}`, element);
  if (name !== 'change') return;
  if (data.change === 'removed') copy.delete(`${data.kind}/${data.id}`);
  else copy.set(`${data.kind}/${data.id}`, data.after);
}

function whole({ model }: TestState, host: string | null): Copy {
  const filter = elementFilter(host === null ? {} : { host: [host] });
  const lists = {
    host: model.hosts(),
    instance: model.instances(),
    aggregate: model.aggregates(),
    server_group: model.serverGroups(),
  };
  const copy: Copy = new Map();
  for (const kind of ELEMENT_KINDS) {
    for (const element of lists[kind]) {
      const shown = representOwn(kind, element);
      if (filter?.(kind, element) ?? true) copy.set(`${kind}/${shown.uuid ?? shown.name}`, shown);
    }
  }
  return copy;
}

const name = fc.constantFrom('h1', 'h2', 'h3');
const uuid = fc.constantFrom('a', 'b', 'c', 'd');

/** What the cloud may do next; facts are made when it is its turn, since each is later than the one before. */
const step: fc.Arbitrary<() => Fact[]> = fc.oneof(
  name.map((host) => () => hostFacts(host)),
  name.map((host) => () => [fact(`host/${host}`, `life/service-of-${host}`, true, 'service.delete')]),
  fc.tuple(uuid, name).map(
    ([id, host]) =>
      () =>
        instanceFacts(id, host),
  ),
  fc.tuple(uuid, fc.option(name)).map(([id, host]) => () => [moved(id, host)]),
  uuid.map((id) => () => [deleted(id)]),
  fc.tuple(uuid, fc.string({ maxLength: 5 })).map(([id, text]) => () => [fact(`instance/${id}`, 'metadata', { text })]),
  fc.tuple(uuid, fc.boolean()).map(([id, on]) => () => [fact(`instance/${id}`, 'volume/v1', on)]),
  fc.array(name, { maxLength: 3 }).map((hosts) => () => aggregateFacts('agg', 'agg', [...new Set(hosts)])),
  fc.constant(() => [deleteAggregate()]),
  fc.array(uuid, { maxLength: 3 }).map((members) => () => groupFacts('group', [...new Set(members)])),
);

function deleteAggregate(): Fact {
  return fact('aggregate/agg', 'life', true, 'aggregate.delete.end');
}

/** A turn: facts are told, or the subscriber goes and comes back, or the model is loaded anew. */
const turn = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => ({ kind: 'tell' as const, steps })),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'away' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'back' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'anew' as const }) },
);

it('is enough to hold exactly what the model holds, whatever happens and however often one was away', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(turn, { minLength: 1, maxLength: 25 }),
      fc.option(name),
      fc.integer({ min: 3, max: 40 }),
      async (turns, host, kept) => {
        const state = await testState();
        const api = testApi(state, { limits: { changes_kept: kept, heartbeat: 0.005 } });
        const address = await api.listen({ port: 0 });
        const copy: Copy = new Map();
        let lastId = '';
        let reader: EventReader | null = null;
        const come = async (): Promise<EventReader> => {
          const headers = lastId === '' ? {} : { 'Last-Event-ID': lastId };
          return EventReader.connect(
            address,
            `/model/changes?snapshot=true${host === null ? '' : `&host=${host}`}`,
            headers as Record<string, string>,
          );
        };
        const leave = (): void => {
          for (const event of reader?.rest() ?? []) follow(copy, event);
          lastId = reader?.lastId ?? lastId;
          reader?.close();
          reader = null;
        };
        try {
          for (const next of turns) {
            if (next.kind === 'tell') await state.tell(next.steps.flatMap((make) => make()));
            if (next.kind === 'away') leave();
            if (next.kind === 'back') reader ??= await come();
            if (next.kind === 'anew')
              state.feed$.next({ kind: 'resync', revision: state.model.revision, reason: 'test' });
          }
          // A slow one may have been cut: then it comes back, as a browser would.
          for (;;) {
            reader ??= await come();
            const outcome: 'reached' | 'cut' = await Promise.race([
              reader.reached(state.model.revision).then(() => 'reached' as const),
              reader.ended.then(() => 'cut' as const),
            ]);
            leave();
            if (outcome === 'reached') break;
          }
          expect(copy).toEqual(whole(state, host));
        } finally {
          leave();
          await api.close();
          await state.close();
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
