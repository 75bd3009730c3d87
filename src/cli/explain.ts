import type { ApiClient } from '../client/api-client.ts';
import type { Fields } from '../client/fields.ts';

interface ExplainedAnswer {
  readonly instance?: ExplainedElement;
  readonly host?: ExplainedElement;
}

interface ExplainedElement extends Fields {
  readonly explain: Readonly<Record<string, Cause>>;
}

interface Cause {
  readonly event: string;
  readonly publisher: string;
  readonly at: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Every field of an instance (by uuid) or host (by name), with the message that told it. */
export async function explainElement(api: ApiClient, id: string): Promise<Fields[]> {
  const kind = UUID.test(id) ? 'instances' : 'hosts';
  const answer = await api.get<ExplainedAnswer>(`/model/${kind}/${encodeURIComponent(id)}?explain=true`);
  const { explain = {}, history: _, ...fields } = answer.instance ?? answer.host ?? { explain: {} };
  return Object.entries(fields).map(([field, value]) => {
    const { event = null, publisher = null, at = null } = explain[field] ?? {};
    return { field, value, event, publisher, at };
  });
}
