import type { Actor } from '../state/types.ts';
import { pyJson, pyText } from './python-json.ts';

/** The two shapes of an envelope: over RabbitMQ the context is spread over keys, over Kafka it is one object. */
export type Wire = 'rabbit' | 'kafka';

/** The text of a request context around its two parts that change: the request id and the time. */
export interface ContextText {
  readonly head: string;
  readonly middle: string;
  readonly tail: string;
}

const cache: Record<Wire, Map<Actor | null, ContextText>> = { rabbit: new Map(), kafka: new Map() };

/** The context of requests by an actor; null for nova's periodic tasks. */
export function contextText(actor: Actor | null, wire: Wire): ContextText {
  let text = cache[wire].get(actor);
  if (text === undefined) {
    text = writeContext(actor, wire === 'rabbit' ? '_context_' : '');
    if (cache[wire].size > 10_000) cache[wire].clear();
    cache[wire].set(actor, text);
  }
  return text;
}

function writeContext(actor: Actor | null, prefix: string): ContextText {
  const key = (name: string): string => `"${prefix}${name}": `;
  const user = pyText(actor?.userId ?? null);
  const project = pyText(actor?.projectId ?? null);
  const domain = actor === null ? 'null' : '"default"';
  const identity = actor === null ? '- - - - -' : `${actor.userId} ${actor.projectId} - default default`;
  return {
    head: [
      `${key('user')}${user}`,
      `${key('project_id')}${project}`,
      `${key('system_scope')}null`,
      `${key('project')}${project}`,
      `${key('domain')}null`,
      `${key('user_domain')}${domain}`,
      `${key('project_domain')}${domain}`,
      `${key('is_admin')}true`,
      `${key('read_only')}false`,
      `${key('show_deleted')}false`,
      `${key('auth_token')}null`,
      `${key('request_id')}"`,
    ].join(', '),
    middle: [
      '"',
      `${key('global_request_id')}null`,
      `${key('resource_uuid')}null`,
      `${key('roles')}${pyJson(actor?.roles ?? [])}`,
      `${key('user_identity')}${pyText(identity)}`,
      `${key('is_admin_project')}true`,
      `${key('user_id')}${user}`,
      `${key('read_deleted')}"no"`,
      `${key('remote_address')}null`,
      `${key('timestamp')}"`,
    ].join(', '),
    tail: [
      '"',
      `${key('quota_class')}null`,
      `${key('user_name')}${pyText(actor?.userName ?? null)}`,
      `${key('service_catalog')}[]`,
      `${key('project_name')}${pyText(actor?.projectName ?? null)}`,
    ].join(', '),
  };
}
