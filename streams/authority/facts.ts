import { type Clock, cutFuture, makeClock, tieBreak } from '../../model/clock.ts';
import { type ElementKey, elementKey } from '../../model/element.ts';
import type { Cause, Fact } from '../../model/fact.ts';
import { dataOf, type Notification, quote } from '../decode/envelope.ts';
import { idField } from '../decode/fields.ts';
import { parseTime } from '../decode/time.ts';
import { Undecodable } from '../decode/undecodable.ts';
import { CLAIMS, type ClaimName, type Told } from './claims.ts';
import { GUARDS } from './guards.ts';
import type { ReadFields } from './read-fields.ts';
import { AUTHORITY, type Authority } from './table.ts';

/** What a notification tells the model. */
export interface Facts {
  readonly facts: readonly Fact[];
  /** Whether a clock in it lay too far in the future and was cut. */
  readonly cut: boolean;
}

const NOTHING: Facts = { facts: [], cut: false };
const MICROS_PER_SECOND = 1_000_000;

/**
 * The facts a notification is authoritative for, by the authority table. `now` is the receiver's time in microseconds, for
 * cutting clocks of the far future. Throws Undecodable when a field that is needed cannot be used.
 */
export function factsOf(notification: Notification, now: number): Facts {
  const authority = AUTHORITY.get(notification.event);
  if (authority === undefined) return NOTHING;
  const time = cutFuture(notification.time, now);
  const told = toldBy(notification, time);
  let claims: readonly ClaimName[] = authority.claims;
  for (const guard of authority.guards ?? []) claims = GUARDS[guard](told, claims);
  if (claims.length === 0) return NOTHING;
  return stateAll(notification, authority, told, claims, now);
}

function toldBy(notification: Notification, time: number): Told {
  const { publisher } = notification;
  const colon = publisher.indexOf(':');
  return {
    data: dataOf(notification.payload, 'payload'),
    service: colon < 0 ? publisher : publisher.slice(0, colon),
    sender: colon < 0 ? '' : publisher.slice(colon + 1),
    time,
  };
}

function stateAll(
  notification: Notification,
  authority: Authority,
  told: Told,
  claims: readonly ClaimName[],
  now: number,
): Facts {
  const element: ElementKey = elementKey(authority.kind, idField(told.data, authority.id));
  const { time } = told;
  const updated = updatedAt(authority, told.data, time);
  const updatedAtCut = cutFuture(updated * MICROS_PER_SECOND, now) / MICROS_PER_SECOND;
  const tie = tieBreak(notification.id);
  const { tier } = authority;
  const byRow = makeClock({ updatedAt: Math.floor(updatedAtCut), tier, time, tie });
  let byTime: Clock | null = null;
  const cause: Cause = {
    event: notification.event,
    id: notification.id,
    publisher: notification.publisher,
    time,
  };
  const facts: Fact[] = [];
  for (const name of claims) {
    for (const claim of CLAIMS[name](told)) {
      if (claim.byTime) byTime ??= makeClock({ updatedAt: 0, tier, time, tie });
      const clock = claim.byTime && byTime !== null ? byTime : byRow;
      facts.push({ element, register: claim.register, clock, value: claim.value, cause });
    }
  }
  return { facts, cut: time < notification.time || updatedAtCut < updated };
}

/** The row version a payload was read at, in whole seconds: 0 when the row was never saved, or has no version. */
function updatedAt(authority: Authority, data: ReadFields, time: number): number {
  if (authority.order === 'time') return 0;
  if (authority.order === 'second') return Math.floor(time / MICROS_PER_SECOND);
  const text = data.updated_at;
  if (text === null) return 0;
  const micros = typeof text === 'string' ? parseTime(text) : Number.NaN;
  if (Number.isNaN(micros)) throw new Undecodable('bad-field', `updated_at must be a time or null, is ${quote(text)}`);
  return Math.floor(micros / MICROS_PER_SECOND);
}

/** The instance a notification names, whether or not it claims anything of it; null when it names none. */
export function instanceNamed(notification: Notification): string | null {
  const { event } = notification;
  if (!event.startsWith('instance.') && !event.startsWith('compute_task.')) return null;
  const data = dataOf(notification.payload, 'payload');
  return idField(data, event.startsWith('instance.') ? 'uuid' : 'instance_uuid');
}
