import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../streams/decoded.ts';
import { type Doubt, findDoubts } from '../../streams/doubts.ts';
import type { Ingested } from '../../streams/ingest.ts';
import { recordings, traces } from './corpus.ts';
import { bodyOf, SECOND, TEN } from './reading/reading.ts';
import { AFTERWARDS } from './replayed.ts';

/** The doubts of messages, as if each had been ingested by itself. */
async function doubtsOf(bodies: readonly Buffer[]): Promise<Doubt[]> {
  const ingested = bodies.map((body): Ingested => {
    const message = { body, origin: { transport: 'simulator' }, arrived: 0, ack: () => undefined } as const;
    return { decoded: [decode(message, AFTERWARDS)], committed: { revision: '1-1', won: 0, lost: 0 } };
  });
  return lastValueFrom(from(ingested).pipe(findDoubts(), toArray()));
}

function scenario(name: string): readonly Buffer[] {
  const found = [...traces(), ...recordings()].find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found.bodies;
}

const reasons = async (name: string): Promise<Set<string>> =>
  new Set((await doubtsOf(scenario(name))).map(({ reason }) => reason));

/** The payload of an instance on a host, saved at a second of the row. */
const placed = (host: string, node: string | null, second: number): Record<string, unknown> => ({
  uuid: 'i',
  host,
  node,
  state: 'active',
  task_state: null,
  updated_at: `2026-11-23T10:00:0${second}Z`,
});

const update = (host: string, second: number, time = TEN): Buffer =>
  bodyOf('instance.resize.end', time, placed(host, 'n', second), 'nova-compute:h');

const aboutI = { kind: 'instance', id: 'i' } as const;

describe('a doubt is left by', () => {
  it('an evacuation, whose payload names the dead host and nobody the new node', async () => {
    expect(await reasons('evacuate')).toContain('a host was told without its node');
  });

  it('the end of a live migration on its source, while the instance is there', async () => {
    const [doubt] = (await doubtsOf(scenario('live_migration_success_nodelete'))).filter(
      ({ reason }) => reason === 'instance.live_migration_post.start',
    );
    expect(doubt).toMatchObject({ target: { kind: 'instance' }, afterSeconds: 60, onlyWhileOn: 'src' });
  });

  it('two hosts told with the same version of the row, in whichever order', async () => {
    const reason = 'two hosts were told with the same version of the row';
    expect(await doubtsOf([update('a', 1), update('b', 1, TEN + SECOND)])).toEqual([
      { target: aboutI, afterSeconds: 10, onlyWhileOn: null, reason },
    ]);
    expect(await doubtsOf([update('b', 1, TEN + SECOND), update('a', 1)])).toHaveLength(1);
    expect(await doubtsOf([update('a', 1), update('b', 2), update('b', 2)])).toEqual([]);
  });

  it.each([
    'instance.create.error',
    'instance.rebuild.error',
    'instance.resize.error',
    'instance.volume_attach.end',
    'instance.volume_attach.error',
    'instance.volume_detach.end',
    'instance.live_migration_rollback.end',
  ])('%s', async (event) => {
    const data = { ...placed('h', 'n', 1), volume_id: 'v', fault: null, locked: false, flavor: null };
    const complete = {
      ...data,
      display_name: 'i',
      host_name: 'i',
      tenant_id: 'p',
      user_id: 'u',
      power_state: 'running',
      flavor: {
        'nova_object.data': { name: 'f', vcpus: 1, memory_mb: 1, root_gb: 1, ephemeral_gb: 0, swap: 0 },
      },
    };
    const doubts = await doubtsOf([bodyOf(event, TEN, complete, 'nova-compute:h')]);
    expect(doubts).toEqual([{ target: aboutI, afterSeconds: 10, onlyWhileOn: null, reason: event }]);
  });

  it('an exception, about the host it happened on', async () => {
    const exception = (publisher: string): Buffer => bodyOf('compute.exception', TEN, { exception: 'Oops' }, publisher);
    expect(await doubtsOf([exception('nova-compute:h')])).toEqual([
      { target: { kind: 'host', id: 'h' }, afterSeconds: 30, onlyWhileOn: null, reason: 'compute.exception' },
    ]);
    expect(await doubtsOf([exception('nova-api:h'), exception('nova-compute:'), exception('odd')])).toEqual([]);
  });
});

describe('no doubt is left by', () => {
  it.each(['service_disable_log_reason', 'aggregate_lifecycle', 'server_group_create_delete', 'shelve_unshelve'])(
    '%s',
    async (name) => {
      expect(await doubtsOf(scenario(name))).toEqual([]);
    },
  );

  it('what cannot be decoded, or names nothing', async () => {
    expect(await doubtsOf([Buffer.from('{'), bodyOf('instance.volume_attach.error', TEN, { uuid: 7 })])).toEqual([]);
  });
});
