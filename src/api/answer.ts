import { type TProperties, type TSchema, Type } from 'typebox';
import type { Revision } from '../../model/revision.ts';
import type { ServiceState } from '../service-state.ts';

/** What every answer about the model carries. */
export interface Standing {
  readonly revision: Revision;
  readonly age_seconds: number | null;
  readonly synced: boolean;
  readonly not_synced_because?: readonly string[];
}

/** How far an answer can be trusted, now. */
export function standing(state: ServiceState): Standing {
  const { synced, reasons, ageSeconds } = state.freshness();
  return {
    revision: state.model.revision,
    age_seconds: ageSeconds,
    synced,
    ...(synced ? {} : { not_synced_because: reasons }),
  };
}

export const STANDING_SCHEMA: TProperties = {
  revision: Type.String({ description: 'The last change this answer knows of, epoch-seq.' }),
  age_seconds: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: 'Seconds since the model last heard anything; null when it never did.',
  }),
  synced: Type.Boolean({
    description: 'Whether the model is complete: everything listed and all told since taken in.',
  }),
  not_synced_because: Type.Optional(Type.Array(Type.String(), { description: 'Why it is not synced.' })),
};

export function answerSchema(properties: TProperties): TSchema {
  return Type.Object({ ...STANDING_SCHEMA, ...properties }, { additionalProperties: false });
}

export const ERROR_SCHEMA = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String({ description: 'Which error, for programs.' }),
        message: Type.String({ description: 'What is wrong.' }),
        what_to_do: Type.String({ description: 'How to mend it.' }),
      },
      { additionalProperties: false },
    ),
  },
  { title: 'Error', additionalProperties: false },
);
