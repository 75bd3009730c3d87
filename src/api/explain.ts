import { Type } from 'typebox';
import { type ElementKind, elementKey } from '../../model/element.ts';
import type { Value } from '../../model/fact.ts';
import type { Entity, Explained, LiveModel } from '../../model/live-model.ts';
import type { ModelStore } from '../../model/store.ts';
import { CAUSE_SCHEMA, type ShownCause, showCause } from './elements/cause.ts';
import type { Field } from './elements/field.ts';

const PREVIOUS_SCHEMA = Type.Object(
  {
    revision: Type.String({ description: 'The change by which the model came to believe it.' }),
    register: Type.String({ description: 'The group of fields it concerns.' }),
    value: Type.Optional(Type.Unknown({ description: 'What was told; absent when it said again what was known.' })),
    cause: CAUSE_SCHEMA,
  },
  { title: 'Previous', additionalProperties: false },
);

export const HISTORY_SCHEMA = Type.Array(PREVIOUS_SCHEMA, {
  description: 'What was told before and now, newest first, as far back as the store holds it, of at most 100 changes.',
});

/** The present cause of each field. A field made of several registers has that of the one told last. */
export function explainFields<E extends Entity>(
  kind: ElementKind,
  id: string,
  fields: readonly Field<E>[],
  model: LiveModel,
): { [field: string]: ShownCause } {
  const registers = model.explain(elementKey(kind, id)) ?? [];
  const explained: { [field: string]: ShownCause } = {};
  for (const field of fields) {
    if ('from' in field) continue;
    const latest = latestOf(registers, field.registers);
    if (latest !== null) explained[field.name] = showCause(latest.cause);
  }
  return explained;
}

const HISTORY_LIMIT = 100;

/** The last changes of an element that the store still holds. */
export async function explainHistory(
  kind: ElementKind,
  id: string,
  store: ModelStore,
): Promise<{ revision: string; register: string; value?: Value; cause: ShownCause }[]> {
  const changes = await store.history(elementKey(kind, id), HISTORY_LIMIT);
  return changes.flatMap(({ revision, facts }) =>
    facts.map(({ register, value, cause }) => ({
      revision,
      register,
      ...(value === undefined ? {} : { value }),
      cause: showCause(cause),
    })),
  );
}

function latestOf(registers: readonly Explained[], names: readonly string[]): Explained | null {
  let latest: Explained | null = null;
  for (const explained of registers) {
    const concerned = names.some((name) => explained.register === name || isOfFamily(explained.register, name));
    if (concerned && (latest === null || latest.clock < explained.clock)) latest = explained;
  }
  return latest;
}

function isOfFamily(register: string, name: string): boolean {
  return name.endsWith('/') && register.startsWith(name);
}
