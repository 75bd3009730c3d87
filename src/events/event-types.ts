/** Every type of event, with what it tells. docs/api.md lists them from here. */
export const EVENT_TYPES = {
  'vigil.breach.opened': 'a rule is breached by a host or instance',
  'vigil.breach.ended':
    'a breach ended: the metric came back (recovered), nothing was measured any more (lost), or the rule went',
  'vigil.audit.created': 'an audit was made',
  'vigil.audit.changed': 'an audit went from one state to another',
  'vigil.plan.created': 'an audit came to an action plan',
  'vigil.plan.changed': 'an action plan went from one state to another',
  'vigil.action.changed': 'an action went from one state to another',
} as const;

export type EventType = keyof typeof EVENT_TYPES;

/** The event types as a Markdown table, for docs/api.md. */
export function eventTypesTable(): string {
  const rows = Object.entries(EVENT_TYPES).map(([type, text]) => `| \`${type}\` | ${text} |`);
  return ['| Type | Told when |', '|---|---|', ...rows].join('\n');
}
