import type { Emission } from '../../sim/index.ts';

/** The instance a simulated notification names; null when it names none. */
export function instanceNamedBy({ eventType, payload }: Emission): string | null {
  const field = eventType.startsWith('instance.')
    ? 'uuid'
    : eventType.startsWith('compute_task.')
      ? 'instance_uuid'
      : null;
  if (field === null) return null;
  return new RegExp(`"${field}": "([0-9a-f-]{36})"`).exec(payload)?.[1] ?? null;
}
