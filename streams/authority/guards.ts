import { isFields } from '../decode/envelope.ts';
import type { ClaimName, Told } from './claims.ts';
import type { ReadFields } from './read-fields.ts';

const NOTHING: readonly ClaimName[] = [];
const ONLY_TAGS: readonly ClaimName[] = ['tags'];
const ONLY_LIFE: readonly ClaimName[] = ['tombstone'];

/** Conditions under which an event claims less than its row of the table says; each returns what is left. */
export const GUARDS = {
  /** Inside an evacuation the new host reports actions on an instance whose payload still names the dead one. */
  'place only from its own host': (told, claims) =>
    told.data.host === told.sender ? claims : claims.filter((claim) => claim !== 'place'),

  /**
   * Saves of the row are told in the name of nova-compute or nova-conductor. The API sends instance.update for tag changes
   * only, of an object it read some time before.
   */
  'only tags from the API': ({ service }, claims) =>
    service === 'nova-compute' || service === 'nova-conductor' ? claims : ONLY_TAGS,

  /**
   * After a cross-cell resize the source cell's hidden row is saved once more, with the old host: an update that stays in
   * resize_migrated and changes no state.
   */
  'not the hidden row of a cross-cell resize': ({ data }, claims) => {
    if (data.task_state !== 'resize_migrated') return claims;
    const update = isFields(data.state_update) ? data.state_update['nova_object.data'] : undefined;
    return isFields(update) && staysMigrated(update) ? NOTHING : claims;
  },

  'a deleted row is a tombstone': ({ data }, claims) => (data.state === 'deleted' ? ONLY_LIFE : claims),

  /** delete.end is sent even when deleting failed; then deleted_at is null, or still that of a soft deletion before. */
  'only once it is deleted': ({ data }, claims) =>
    typeof data.deleted_at === 'string' && data.state !== 'soft-delete' ? claims : NOTHING,

  /** Conductors, schedulers and APIs have services too; hosts are made of nova-computes. */
  'nova-compute only': ({ data }, claims) => (data.binary === 'nova-compute' ? claims : NOTHING),
} as const satisfies Record<string, (told: Told, claims: readonly ClaimName[]) => readonly ClaimName[]>;

export type Guard = keyof typeof GUARDS;

function staysMigrated(update: ReadFields): boolean {
  return update.old_task_state === 'resize_migrated' && update.old_state === update.state;
}
