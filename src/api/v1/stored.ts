import type { FastifyRequest } from 'fastify';
import type { Actor, Stored } from '../../audits/record.ts';
import type { Table } from '../../audits/table.ts';
import type { LifeTimes } from './attribute.ts';
import { isoSeconds, isoSecondsOrNull } from './times.ts';
import { isUuid } from './uuid.ts';

/** When a record was made, changed and deleted. */
export function timesOf({ createdAt, updatedAt, deletedAt }: Stored): LifeTimes {
  return {
    created_at: isoSeconds(createdAt),
    updated_at: isoSecondsOrNull(updatedAt),
    deleted_at: isoSecondsOrNull(deletedAt),
  };
}

/** The keys that every kind of record can be sorted by. */
export const STORED_KEYS = {
  id: (record: Stored) => record.id,
  uuid: (record: Stored) => record.uuid,
  created_at: (record: Stored) => record.createdAt,
  updated_at: (record: Stored) => record.updatedAt,
  deleted_at: (record: Stored) => record.deletedAt,
};

/** A record by uuid, number or name; a deleted one only by uuid or number, and only if it is asked for. */
export function findRecord<R extends Stored>(table: Table<R>, ident: string, deleted: boolean): R | undefined {
  const record = isUuid(ident)
    ? table.get(ident.toLowerCase())
    : /^\d{1,15}$/.test(ident)
      ? table.byId(Number(ident))
      : table.byName(ident);
  return record === undefined || (record.deletedAt !== null && !deleted) ? undefined : record;
}

/** Who a request is by, for the history of what it changes. */
export function actorOf({ identity }: FastifyRequest): Actor {
  return { kind: 'user', name: identity.user ?? 'somebody' };
}
