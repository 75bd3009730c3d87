import { expect, it } from 'vitest';
import { factsOfMigration, factsOfNoMigration } from '../../../streams/reading/migration.ts';
import { factsOfServer } from '../../../streams/reading/server.ts';
import { fakeServer } from '../../src/openstack/fake-cloud.ts';
import { modelOf } from '../replayed.ts';
import { SECOND, stampAt, TEN } from './reading.ts';

const MIGRATION = {
  id: 12,
  uuid: 'm',
  instance_uuid: 'i',
  migration_type: 'live-migration',
  status: 'running',
  source_compute: 'host-1',
  source_node: 'node-1',
  dest_compute: 'host-2',
  dest_node: 'node-2',
};

it('a migration under way is told of its instance, until there is none any more', () => {
  const server = factsOfServer(fakeServer('i'), stampAt(TEN));
  const running = factsOfMigration(MIGRATION, stampAt(TEN));
  expect(modelOf([server, running]).instance('i')?.migration).toEqual({
    uuid: 'm',
    id: 12,
    type: 'live-migration',
    status: 'running',
    source_host: 'host-1',
    source_node: 'node-1',
    dest_host: 'host-2',
    dest_node: 'node-2',
  });
  const ended = factsOfNoMigration('i', stampAt(TEN + SECOND));
  for (const order of [
    [server, running, ended],
    [ended, running, server],
  ])
    expect(modelOf(order).instance('i')?.migration).toBeNull();
});

it('a migration that has no destination yet is one too', () => {
  const queued = { ...MIGRATION, status: 'accepted', dest_compute: null, dest_node: null };
  expect(modelOf([factsOfMigration(queued, stampAt(TEN))]).instance('i')?.migration?.dest_host).toBeNull();
});
