import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../sim/state/types.ts';
import { type Emission, encode } from '../../../sim/wire/envelope.ts';
import { payloadText, type Recorded, recorded } from '../recorded.ts';

/** The context's own time is a few microseconds before the envelope's; the simulator has them equal. */
function withoutContextTime(body: string): string {
  return body.replace(/(timestamp\\": \\"\d{4}-\d\d-\d\dT)[\d:.]+/, '$1');
}

function emissionOf(message: Recorded): Emission {
  const outer = message.message;
  const context = (outer._context ??
    Object.fromEntries(
      Object.entries(outer)
        .filter(([key]) => key.startsWith('_context_'))
        .map(([key, value]) => [key.slice('_context_'.length), value]),
    )) as Record<string, string | null>;
  const actor =
    context.user_id === null
      ? null
      : {
          userId: context.user_id,
          userName: context.user_name,
          projectId: context.project_id,
          projectName: context.project_name,
          roles: context.roles,
        };
  const [day, fraction = ''] = String(outer.timestamp).split('.');
  return {
    eventType: outer.event_type,
    publisherId: outer.publisher_id,
    priority: outer.priority as Emission['priority'],
    payload: payloadText(message),
    time: Date.parse(`${day?.replace(' ', 'T')}Z`) * 1000 + Number(fraction.padEnd(6, '0')),
    messageId: String(outer.message_id),
    uniqueId: String(outer._unique_id),
    requestId: String(context.request_id),
    actor: actor as Actor | null,
  };
}

describe('an envelope', () => {
  test.each([
    ['rabbit', 'recordings'],
    ['kafka', 'recordings/kafka'],
  ] as const)('over %s has the bytes that nova wrote', (wire, folder) => {
    const messages = recorded(folder);
    expect(messages.length).toBeGreaterThan(30);
    for (const message of messages) {
      const encoded = encode(emissionOf(message), wire).toString('utf8');
      expect(withoutContextTime(encoded)).toBe(withoutContextTime(message.body));
    }
  });
});
