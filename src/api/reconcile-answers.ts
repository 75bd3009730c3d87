import { type TInteger, type TProperties, type TSchema, Type } from 'typebox';
import type { Knowing } from '../inquiry.ts';
import { PASS_KINDS, type PassKind } from '../reconcile/collector.ts';
import { type ReconcileQuestions, reconcilingBy } from '../reconcile/questions.ts';
import type { PassReport, TargetReport } from '../reconcile/report.ts';
import type { ServiceState } from '../service-state.ts';
import { isoTime } from './elements/time.ts';

/** Who compares the model with the cloud: this process, or the one that takes in notifications. */
export function reconcilingOf({ reconcile, elsewhere }: ServiceState): Knowing<ReconcileQuestions> {
  return elsewhere ?? reconcilingBy(() => reconcile);
}

const COUNTS: TProperties = {
  read: Type.Integer({ description: 'Things read.' }),
  corrections: Type.Integer({ description: 'Registers that were wrong.' }),
  gone: Type.Integer({ description: 'Things found to be gone.' }),
  problems: Type.Array(Type.String(), { description: 'What went wrong, a sentence each.' }),
};

export const PASS_SCHEMA = Type.Object(
  {
    kind: Type.String({ description: PASS_KINDS.join(', ') }),
    started_at: Type.String(),
    duration_seconds: Type.Number(),
    complete: Type.Boolean({ description: 'Everything it was to read was read.' }),
    ...COUNTS,
    global_request_id: Type.String({ description: 'Ties its requests together in the logs of all services.' }),
  },
  { title: 'Pass', additionalProperties: false },
);

export const TARGET_SCHEMA = Type.Object(
  { found: Type.Boolean({ description: 'Whether nova has it, or the model had it.' }), ...COUNTS },
  { title: 'Reading', additionalProperties: false },
);

const MICROS_PER_MILLI = 1_000;

export function showPass(report: PassReport): object {
  const { kind, startedAt, durationSeconds, complete, read, corrections, gone, problems, globalRequestId } = report;
  return {
    kind,
    started_at: isoTime(startedAt * MICROS_PER_MILLI),
    duration_seconds: durationSeconds,
    complete,
    read,
    corrections,
    gone,
    problems,
    global_request_id: globalRequestId,
  };
}

export function showReading({ found, read, corrections, gone, problems }: TargetReport): object {
  return { found, read, corrections, gone, problems };
}

/** An object with one property for each kind of pass. */
export function byKind(schema: (kind: PassKind) => TSchema, description: string): TSchema {
  const properties = Object.fromEntries(PASS_KINDS.map((kind) => [kind, schema(kind)]));
  return Type.Object(properties, { additionalProperties: false, description });
}

/** Least seconds between two passes of a kind: as the configuration has it. */
const LEAST: Readonly<Record<PassKind, number>> = { full: 1, changes: 1, services: 1, touched: 1 };
const SECONDS_OF_30_DAYS = 2_592_000;

export function intervalSchema(kind: PassKind): TInteger {
  return Type.Integer({ minimum: LEAST[kind], maximum: SECONDS_OF_30_DAYS, description: 'Seconds.' });
}
