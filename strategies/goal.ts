import type { JsonSchema } from './json-schema.ts';

/** What an audit is for; several strategies may serve one goal. */
export interface Goal {
  /** Short and unique: what clients name it by. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** The numbers by which its solutions are judged: every indicator of a solution is one of these. */
  readonly efficacy: readonly EfficacyIndicator[];
}

export interface EfficacyIndicator {
  readonly name: string;
  readonly description: string;
  readonly unit: string | null;
  readonly schema: JsonSchema;
}
