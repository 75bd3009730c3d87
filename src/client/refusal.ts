/**
 * What a service says in the body of a refusal: Vigil's own errors, the doubly encoded ones of the optimizer API, and those of
 * keystone. Null when it says nothing that can be read.
 */
export function refusalText(body: string): string | null {
  const { error, error_message: encoded } = objectIn(body);
  if (typeof encoded === 'string') {
    const { faultstring, description, title } = objectIn(encoded);
    return firstText(faultstring, description, title, encoded);
  }
  const { message, what_to_do: advice } = (error ?? {}) as Record<string, unknown>;
  return typeof message === 'string' ? [message, ...(typeof advice === 'string' ? [advice] : [])].join(' ') : null;
}

function objectIn(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function firstText(...candidates: readonly unknown[]): string | null {
  return candidates.find((text): text is string => typeof text === 'string' && text !== '') ?? null;
}
