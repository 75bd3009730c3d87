import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Action } from '../audits/action.ts';
import { failed, type Outcome, SUCCEEDED, skipped } from './outcome.ts';

const MILLIS = 1_000;

/** Writes to the log; or fails or is skipped where it is told to, so that people can see what happens then. */
export function nop({ inputParameters: input, uuid }: Action, log: Logger): Outcome {
  if (input.fail_pre_condition === true) return failed('pre_condition', 'it was asked to.');
  if (input.skip_pre_condition === true) return skipped('it was asked to be.');
  if (input.fail_execute === true) return failed('execute', 'it was asked to.');
  log.info({ action: uuid }, `nop: ${String(input.message ?? '')}`);
  return input.fail_post_condition === true ? failed('post_condition', 'it was asked to.') : SUCCEEDED;
}

/** Waits; one that was begun before this process started waits for the rest. */
export async function wait(action: Action, now: number, cancel: AbortSignal, over: AbortSignal): Promise<Outcome> {
  const begun = action.history.findLast(({ to }) => to === 'ONGOING')?.at ?? now;
  const left = begun + Number(action.inputParameters.duration ?? 0) * MILLIS - now;
  const signal = AbortSignal.any([cancel, over]);
  await sleep(Math.max(0, left), undefined, { signal }).catch(() => undefined);
  return cancel.aborted ? { state: 'CANCELLED', message: 'It was stopped before its time.' } : SUCCEEDED;
}
