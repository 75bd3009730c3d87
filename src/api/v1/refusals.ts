import { type ErrorCode, VigilError } from '../../errors.ts';
import { Fault } from './fault.ts';

/** How a refusal of Vigil's services is told in the words of this API. */
type Told = (context: VigilError['context'], error: VigilError) => Fault;

/** What is told for which code. */
export type Words = { readonly [Code in ErrorCode]?: Told };

const TOLD: Words = {
  'goal-not-found': ({ id = '' }) => new Fault('not-found', { kind: 'Goal', id }),
  'strategy-not-found': ({ id = '' }) => new Fault('not-found', { kind: 'Strategy', id }),
  'audit-not-found': ({ id = '' }) => new Fault('not-found', { kind: 'Audit', id }),
  'audit-template-not-found': ({ id = '' }) => new Fault('not-found', { kind: 'AuditTemplate', id }),
  'action-plan-not-found': ({ id = '' }) => new Fault('not-found', { kind: 'ActionPlan', id }),
  'action-not-found': ({ id = '' }) => new Fault('not-found', { kind: 'Action', id }),
  'name-taken': ({ kind, name = '' }) =>
    new Fault('already-exists', { kind: kind === 'an audit' ? 'audit' : 'audit_template', id: name }),
  'audit-invalid': (_, { message }) => new Fault('refused', { problem: message }),
  'parameters-invalid': ({ problems = '' }) =>
    new Fault('refused', { problem: `Invalid parameters for strategy: ${problems}` }),
  'state-transition': ({ from = '', to = '' }) =>
    new Fault('refused', { problem: `State transition not allowed: (${from} -> ${to})` }),
  'wrong-state': ({ done, state = '' }) =>
    new Fault('refused', {
      problem: `Couldn't ${done === 'deleted' ? 'delete' : 'start'} when state is '${state}'.`,
    }),
  'records-busy': (_, { message }) => new Fault('unavailable', { problem: message }),
};

/** Does what is asked for; what is refused is told as this API's clients know it, or as `own` says. */
export async function inOurWords<T>(work: () => Promise<T> | T, own: Words = {}): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    const told = own[error.code] ?? TOLD[error.code];
    if (told === undefined) throw error;
    throw told(error.context, error);
  }
}
