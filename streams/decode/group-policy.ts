import { isFields } from './envelope.ts';
import { isId, optionalText } from './fields.ts';

/** The fields of a server group that its policy is told by. */
interface Policed {
  readonly policies?: unknown;
  readonly policy?: unknown;
  readonly rules?: unknown;
}

/** A server group's policy. `policy` came with payload 1.1 and microversion 2.64; before, `policies` held it alone. */
export function policyOf(group: Policed): string | null {
  const [first] = Array.isArray(group.policies) ? group.policies : [];
  return optionalText(group, 'policy') ?? (isId(first) ? first : null);
}

/** How many members a host may hold; a text in notifications, a number in the API. Null when there is no such rule. */
export function maxServerPerHost(group: Policed): number | null {
  const rule = isFields(group.rules) ? group.rules.max_server_per_host : null;
  const limit = typeof rule === 'string' || typeof rule === 'number' ? Number(rule) : Number.NaN;
  return Number.isSafeInteger(limit) && limit > 0 ? limit : null;
}
